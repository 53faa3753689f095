"""How an order will be paid: coupons, points, then balance, and WeChat for the rest."""

from dataclasses import dataclass
from enum import StrEnum

from coupons.rules.redemptions import NO_DISCOUNTS, NO_WISH, Discounts, Wish
from wallet_project.kit.money import ZERO, Fen


class PayMethod(StrEnum):
    BALANCE = "balance"
    WECHAT = "wechat"
    COMBINED = "combined"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How somebody pays: with these coupons and points first, with this method for the rest."""

    method: PayMethod
    discounts: Wish = NO_WISH


@dataclass(frozen=True, kw_only=True)
class PaymentPlan:
    """What comes from where, in fen."""

    coupons: Fen = ZERO
    points: Fen = ZERO
    balance: Fen
    channel: Fen


def plan_payment(
    *, total: Fen, available: Fen, method: PayMethod, discounts: Discounts = NO_DISCOUNTS
) -> PaymentPlan:
    """
    Split a total over its sources; the parts always add up to it. Discounts, which are at most the total,
    come first.

    `balance` takes the rest from the wallet, whether or not it is there: placing the hold decides that.
    `combined` takes what the wallet has and asks WeChat for what is left.
    """
    due = Fen(total - discounts.total)
    match method:
        case PayMethod.BALANCE:
            from_balance = due
        case PayMethod.WECHAT:
            from_balance = ZERO
        case PayMethod.COMBINED:
            from_balance = Fen(max(0, min(available, due)))
    return PaymentPlan(
        coupons=discounts.coupon_off,
        points=discounts.points_worth,
        balance=from_balance,
        channel=Fen(due - from_balance),
    )
