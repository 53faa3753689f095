"""
What somebody is given because of something they did, and what of it is taken back.

    PENDING → GIVEN | REVOKED         promised; its time has come, or it fell away
    HELD → PENDING | REVOKED          somebody looks into it first
    GIVEN → REVOKED                   all of it was taken back later
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import yuan


class RewardKind(TextChoices):
    POINTS = "POINTS", _("积分")
    COUPON = "COUPON", _("优惠券")
    CASHBACK = "CASHBACK", _("返现")
    BONUS = "BONUS", _("赠金")


class RewardState(TextChoices):
    HELD = "HELD", _("核实中")
    PENDING = "PENDING", _("待发放")
    GIVEN = "GIVEN", _("已发放")
    REVOKED = "REVOKED", _("已取消")


REWARD_MOVES = {
    RewardState.HELD: {RewardState.PENDING, RewardState.REVOKED},
    RewardState.PENDING: {RewardState.HELD, RewardState.GIVEN, RewardState.REVOKED},
    RewardState.GIVEN: {RewardState.REVOKED},
}
OPEN = (RewardState.HELD, RewardState.PENDING)
MONEY = (RewardKind.CASHBACK, RewardKind.BONUS)


@dataclass(frozen=True, kw_only=True)
class RewardTerms:
    """
    `amount` is fen, or points. A coupon is of `template_id` and its amount is what it costs at most. What
    comes as money lasts `days` days, or for good.
    """

    kind: RewardKind
    amount: int
    template_id: int | None = None
    days: int | None = None


def reward_in_words(kind: str, amount: int, *, coupon: str = "") -> str:
    """As staff read it; `coupon` is the name of the one that is given."""
    if kind == RewardKind.POINTS:
        return f"{amount:,} 积分"
    if kind == RewardKind.COUPON:
        return f"优惠券“{coupon}”，最多 {yuan(amount)} 元"
    return f"{RewardKind(kind).label} {yuan(amount)} 元"


def still_due(kind: RewardKind, amount: int, *, kept: int, of: int) -> int:
    """
    What of a reward for something of which only `kept` of `of` is left: rounded down, so that whoever returns
    a little keeps nothing for it; all of it while nothing went back, none when all did. There is no part of a
    coupon: it stays as long as anything does.
    """
    if kind == RewardKind.COUPON:
        return amount if kept else 0
    return amount * kept // of if of else 0


def within(amount: int, *, had: int, most: int | None) -> int:
    """So much of it may be given without exceeding what one may have."""
    return amount if most is None else max(min(amount, most - had), 0)
