"""What a ticket can be about: a row of a lower app, "order:O2611…", found only if it is the asker's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coupons.selectors.coupons import coupon_for
from payments.selectors.orders import order_for
from wallet.selectors.records import record_for
from wallet.selectors.top_ups import top_up_for
from wallet.selectors.transfers import transfer_for
from wallet.selectors.withdrawals import withdrawal_for
from wallet_project.kit.errors import NotFound
from wallet_project.kit.money import ZERO, Fen


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`row` is what the admin links to; `state` is in words, and empty where there are no states."""

    name: str
    title: str
    amount: Fen
    state: str
    at: datetime
    row: Any


@dataclass(frozen=True)
class _Kind:
    name: str
    find: Callable[[int, str], Any]
    title: Callable[[Any], str]
    at: str


_KINDS = {
    "order": _Kind(
        "订单",
        lambda user_id, number: order_for(user_id, number),
        lambda order: order.title,
        "placed_at",
    ),
    "record": _Kind(
        "账单记录",
        lambda user_id, key: record_for(user_id=user_id, record_id=_as_id(key)),
        lambda record: record.title,
        "occurred_at",
    ),
    "top_up": _Kind(
        "充值",
        lambda user_id, number: top_up_for(user_id=user_id, number=number),
        lambda top_up: top_up.number,
        "created_at",
    ),
    "withdrawal": _Kind(
        "提现",
        lambda user_id, number: withdrawal_for(user_id=user_id, number=number),
        lambda withdrawal: withdrawal.number,
        "requested_at",
    ),
    "transfer": _Kind(
        "转账",
        lambda user_id, number: transfer_for(user_id=user_id, number=number),
        lambda transfer: transfer.number,
        "created_at",
    ),
    "coupon": _Kind(
        "优惠券",
        lambda user_id, serial: coupon_for(user_id=user_id, serial=serial),
        lambda coupon: coupon.template.name,
        "issued_at",
    ),
}
SUBJECT_KINDS = {key: kind.name for key, kind in _KINDS.items()}


def subject_of(about: str, *, user_id: int) -> Subject:
    """
    :raises NotFound: no such thing, or somebody else's: the two look alike
    """
    name, _colon, key = about.partition(":")
    kind = _KINDS.get(name)
    if kind is None:
        raise NotFound
    row = kind.find(user_id, key)
    return Subject(
        name=kind.name,
        title=kind.title(row),
        amount=Fen(getattr(row, "amount", ZERO)),
        state=str(row.get_state_display()) if hasattr(row, "get_state_display") else "",
        at=getattr(row, kind.at),
        row=row,
    )


def _as_id(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise NotFound
    return int(key)
