"""Frozen dataclasses of what WeChat says, and the one place that reads its JSON objects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from payments.gateways.wechat.errors import UnreadableNotice
from wallet_project.kit.money import MAX_FEN, Fen

_T = TypeVar("_T")


class TradeState(StrEnum):
    """WeChat Pay v3 doc 4012791858. REFUND means paid, with at least one refund accepted since."""

    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    NOTPAY = "NOTPAY"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    USERPAYING = "USERPAYING"
    PAYERROR = "PAYERROR"
    ACCEPT = "ACCEPT"


PAID_STATES = frozenset({TradeState.SUCCESS, TradeState.REFUND})


class RefundState(StrEnum):
    """
    WeChat Pay v3 doc 4012791862.

    CLOSED: it did not happen. ABNORMAL: the money left us but cannot reach the payer.
    """

    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"
    ABNORMAL = "ABNORMAL"


class TransferState(StrEnum):
    """
    A merchant transfer (WeChat Pay v3 doc 4012716434); the spelling of TRANSFERING is WeChat's.

    FAIL and CANCELLED: it did not happen, and never will.
    """

    ACCEPTED = "ACCEPTED"
    PROCESSING = "PROCESSING"
    WAIT_USER_CONFIRM = "WAIT_USER_CONFIRM"
    TRANSFERING = "TRANSFERING"
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    CANCELING = "CANCELING"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, kw_only=True)
class TransactionNotice:
    """An order as WeChat sees it. One that is paid has `transaction_id`, `total` and `currency`."""

    appid: str
    mchid: str
    number: str
    state: TradeState
    transaction_id: str | None
    total: Fen | None
    currency: str | None
    openid: str | None
    success_time: datetime | None
    attach: str
    raw: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RefundNotice:
    """A refund as WeChat sees it. `mchid` comes with callbacks only."""

    mchid: str | None
    refund_number: str
    refund_id: str
    number: str
    transaction_id: str
    state: RefundState
    amount: Fen
    total: Fen
    success_time: datetime | None
    raw: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TransferNotice:
    """
    A merchant transfer as WeChat sees it.

    Only queries and callbacks say `mchid`, `amount` and `openid`; only the answer to creating it has
    `package_info`, for `wx.requestMerchantTransfer`, while its person may confirm.
    """

    number: str
    bill_no: str
    state: TransferState
    mchid: str | None
    amount: Fen | None
    openid: str | None
    fail_reason: str
    package_info: str | None
    raw: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A callback, proven and opened; `resource` is still WeChat's JSON object."""

    id: str
    event_type: str
    summary: str
    original_type: str
    resource: dict[str, Any]
    raw: dict[str, Any]


# As the documents promise, and as our columns hold.
_LONGEST = {
    "complaint_id": 64,
    "log_id": 64,
    "out_trade_no": 32,
    "transaction_id": 32,
    "refund_id": 64,
    "out_refund_no": 64,
    "out_bill_no": 32,
    "transfer_bill_no": 64,
    "fail_reason": 64,
    "package_info": 1024,
}


def json_object(content: bytes) -> dict[str, Any]:
    """
    :raises ValueError: not a JSON object
    """
    try:
        said = json.loads(content)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(said, dict):
        raise ValueError("not a JSON object")
    return said


def transaction_notice(resource: Mapping[str, Any]) -> TransactionNotice:
    """
    Read a transaction, from a query or a callback (doc 4012791858, 4012791861).

    :raises UnreadableNotice: a field is missing or of another type
    """
    state = one_of(TradeState, required(resource, "trade_state", str))
    # Someone who has not paid yet has no amount, payer or transaction id in the answer.
    need = required if state in PAID_STATES else optional
    amount = need(resource, "amount", dict) or {}
    payer = optional(resource, "payer", dict) or {}
    return TransactionNotice(
        appid=required(resource, "appid", str),
        mchid=required(resource, "mchid", str),
        number=required(resource, "out_trade_no", str),
        state=state,
        transaction_id=need(resource, "transaction_id", str),
        total=_fen(need(amount, "total", int)),
        currency=need(amount, "currency", str),
        openid=optional(payer, "openid", str),
        success_time=moment(optional(resource, "success_time", str)),
        attach=optional(resource, "attach", str) or "",
        raw=dict(resource),
    )


def refund_notice(resource: Mapping[str, Any]) -> RefundNotice:
    """
    Read a refund; its state is `status` in answers (doc 4012791862), `refund_status` in callbacks (…865).

    :raises UnreadableNotice: a field is missing or of another type
    """
    state = required(resource, "refund_status" if "refund_status" in resource else "status", str)
    amount = required(resource, "amount", dict)
    return RefundNotice(
        mchid=optional(resource, "mchid", str),
        refund_number=required(resource, "out_refund_no", str),
        refund_id=required(resource, "refund_id", str),
        number=required(resource, "out_trade_no", str),
        transaction_id=required(resource, "transaction_id", str),
        state=one_of(RefundState, state),
        amount=checked_fen(required(amount, "refund", int)),
        total=checked_fen(required(amount, "total", int)),
        success_time=moment(optional(resource, "success_time", str)),
        raw=dict(resource),
    )


def transfer_notice(resource: Mapping[str, Any]) -> TransferNotice:
    """
    Read a merchant transfer, from any answer (doc 4012716434) or a callback (4012712115).

    The documents call the merchant mch_id here and mchid there.

    :raises UnreadableNotice: a field is missing or of another type
    """
    return TransferNotice(
        number=required(resource, "out_bill_no", str),
        bill_no=required(resource, "transfer_bill_no", str),
        state=one_of(TransferState, required(resource, "state", str)),
        mchid=optional(resource, "mch_id", str) or optional(resource, "mchid", str),
        amount=_fen(optional(resource, "transfer_amount", int)),
        openid=optional(resource, "openid", str),
        fail_reason=optional(resource, "fail_reason", str) or "",
        package_info=optional(resource, "package_info", str) or None,
        raw=dict(resource),
    )


def complaint_id_of(resource: Mapping[str, Any]) -> str:
    """
    Which complaint has news; what they are is asked (doc 4012289719).

    :raises UnreadableNotice: it is missing or of another type
    """
    return required(resource, "complaint_id", str)


def required(source: Mapping[str, Any], name: str, kind: type[_T]) -> _T:
    value = optional(source, name, kind)
    if value is None or value == "":
        raise UnreadableNotice(f"{name} is missing")
    return value


def optional(source: Mapping[str, Any], name: str, kind: type[_T]) -> _T | None:
    value = source.get(name)
    if value is not None and type(value) is not kind:  # exact: True is no amount
        raise UnreadableNotice(f"{name} is not {kind.__name__}")
    if isinstance(value, str) and (len(value) > _LONGEST.get(name, 128) or not value.isprintable()):
        raise UnreadableNotice(f"{name} is longer or stranger than any text of WeChat's")
    return value


def one_of(states: type[_T], name: str) -> _T:
    try:
        return states(name)  # type: ignore[call-arg]  # an enum is looked up by its value
    except ValueError:
        raise UnreadableNotice(f"unknown state {name!r}") from None


def checked_fen(amount: int) -> Fen:
    if not 0 <= amount <= MAX_FEN:
        raise UnreadableNotice("an amount is out of range")
    return Fen(amount)


def _fen(amount: int | None) -> Fen | None:
    return None if amount is None else checked_fen(amount)


def moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UnreadableNotice("a time is not RFC 3339") from None
    if moment.tzinfo is None:
        raise UnreadableNotice("a time has no offset")
    return moment
