"""A refund in the words in which its payer reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.rules.order_refunds import OrderRefundState
from payments.rules.refund_splits import Destination
from wallet_project.kit.money import Fen, yuan

_GOES = {
    Destination.COUPON: gettext_lazy("优惠券抵扣 ¥{amount} 不退现金"),
    Destination.POINTS: gettext_lazy("退回积分，抵 ¥{amount}"),
    Destination.WALLET: gettext_lazy("退回余额 ¥{amount}"),
    Destination.WECHAT: gettext_lazy("退回微信 ¥{amount}"),
    Destination.SUSPENSE: gettext_lazy("待人工退还 ¥{amount}"),
}
# How long each takes once it is decided, as its payer is told.
_EXPECTED = {
    Destination.COUPON: gettext_lazy("整单退款后退还优惠券"),
    Destination.POINTS: gettext_lazy("立即到账"),
    Destination.WALLET: gettext_lazy("立即到账"),
    Destination.WECHAT: gettext_lazy("零钱几分钟内到账，银行卡 1–3 个工作日"),
    Destination.SUSPENSE: gettext_lazy("请联系客服"),
}


@dataclass(frozen=True, kw_only=True)
class Going:
    """So many fen go there; `arrived_at` None: not yet."""

    to: Destination
    amount: Fen
    arrived_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundStep:
    """`code` says what happened, `name` says it to the payer."""

    at: datetime
    code: str
    name: str | Promise


def expected_of(part: Going) -> str:
    """When it arrives, or that it has."""
    arrived = part.arrived_at and part.to != Destination.COUPON
    return _("已到账") if arrived else str(_EXPECTED[part.to])


def summary_of(parts: Iterable[Going]) -> str:
    """退回余额 ¥30.00（已到账），退回微信 ¥28.00（…）: what goes where, colours of the wallet together."""
    said = []
    for _key, together in groupby(parts, key=lambda part: (part.to, bool(part.arrived_at))):
        group = list(together)
        amount = yuan(sum(part.amount for part in group))
        said.append(
            _("{what}（{when}）").format(
                what=str(_GOES[group[0].to]).format(amount=amount), when=expected_of(group[0])
            )
        )
    return _("，").join(said)


def steps_of(
    *,
    state: OrderRefundState,
    requested_at: datetime,
    accepted_at: datetime | None,
    ended_at: datetime | None,
    parts: Iterable[Going],
) -> list[RefundStep]:
    """What has happened so far, in the order of time."""
    steps = [RefundStep(at=requested_at, code="REQUESTED", name=_("申请退款"))]
    if accepted_at:
        steps.append(RefundStep(at=accepted_at, code="ACCEPTED", name=_("退款通过")))
    steps += [
        RefundStep(
            at=part.arrived_at,
            code=f"ARRIVED_{part.to}",
            name=str(_GOES[part.to]).format(amount=yuan(part.amount)),
        )
        for part in parts
        if part.arrived_at
    ]
    if ended_at:
        steps.append(RefundStep(at=ended_at, code=str(state), name=state.label))
    return sorted(steps, key=lambda step: step.at)
