"""
What coupons and points take off an order, by value.

    RESERVED → REDEEMED       with the payment that they are a part of
    RESERVED → RELEASED       it ended without money
    RELEASED → REDEEMED       it came late, and everything was still there
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coupons.rules.baskets import Basket
from coupons.rules.discounts import worth_of
from coupons.rules.eligibility import Obstacle, Reason, obstacle_to
from coupons.rules.offers import Offer, Who
from coupons.rules.points import most_points
from coupons.rules.stacking import Applied, apply_together, objection_to
from wallet_project.kit.money import ZERO, Fen, yuan


class RedemptionState(TextChoices):
    RESERVED = "RESERVED", _("预留")
    REDEEMED = "REDEEMED", _("已使用")
    RELEASED = "RELEASED", _("已释放")


REDEMPTION_MOVES = {
    RedemptionState.RESERVED: {RedemptionState.REDEEMED, RedemptionState.RELEASED},
    RedemptionState.RELEASED: {RedemptionState.REDEEMED},
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody would use for an order besides money: coupons by their number, and so many points."""

    coupons: frozenset[str] = frozenset()
    points: int = 0


NO_WISH = Wish()


@dataclass(frozen=True, kw_only=True)
class Discount:
    """
    One offer in use: `off` fen now, `back` fen after paying. One that is not wanted counts by itself, and is
    nobody's coupon until it is reserved.
    """

    template_id: int
    coupon_id: int | None = None
    is_wanted: bool = True
    off: Fen = ZERO
    back: Fen = ZERO


@dataclass(frozen=True, kw_only=True)
class Discounts:
    """What is taken off a basket: never more than is in it. `points` pay `points_worth` fen."""

    offers: Sequence[Discount] = ()
    points: int = 0
    points_worth: Fen = ZERO

    @property
    def coupon_off(self) -> Fen:
        return Fen(sum(one.off for one in self.offers))

    @property
    def total(self) -> Fen:
        return Fen(self.coupon_off + self.points_worth)

    @property
    def is_nothing(self) -> bool:
        return not self.offers and not self.points


NO_DISCOUNTS = Discounts()


@dataclass(frozen=True, kw_only=True)
class Usable:
    """From `least` to `most` points may pay an order, `per_yuan` of them a yuan; 0, 0: none may."""

    least: int
    most: int
    per_yuan: int


def apply_wanted(
    wanted: Sequence[Offer], automatic: Sequence[Offer], *, basket: Basket, who: Who, at: datetime
) -> tuple[Sequence[Applied], dict[Offer, Obstacle]]:
    """
    What is taken off by the offers that somebody wants and by those that need not be wanted, as far as they
    go with them; and why one that they want does not apply, or would be wasted.
    """
    refused: dict[Offer, Obstacle] = {}
    used: list[Offer] = []
    for offer in wanted:
        reason = objection_to(offer, beside=used)
        obstacle = obstacle_to(offer, basket=basket, who=who, at=at) or (
            Obstacle(reason=reason) if reason else None
        )
        if obstacle:
            refused[offer] = obstacle
        else:
            used.append(offer)
    for offer in sorted(automatic, key=lambda offer: -worth_of(offer.terms, basket)):
        if not obstacle_to(offer, basket=basket, who=who, at=at) and not objection_to(offer, beside=used):
            used.append(offer)
    applied = apply_together(used, basket)
    idle = [one.offer for one in applied if not one.off and not one.back]
    refused |= {offer: Obstacle(reason=Reason.NOTHING_LEFT) for offer in idle if offer in wanted}
    return [one for one in applied if one.offer not in idle], refused


def usable_points(*, total: Fen, due: Fen, per_yuan: int, share: int) -> Usable:
    """Points pay at most `share` basis points of an order, at most what is left of it, and a fen at least."""
    least = most_points(Fen(1), per_yuan=per_yuan, share=10_000)
    most = min(
        most_points(total, per_yuan=per_yuan, share=share), most_points(due, per_yuan=per_yuan, share=10_000)
    )
    return (
        Usable(least=least, most=most, per_yuan=per_yuan)
        if most >= least
        else Usable(least=0, most=0, per_yuan=per_yuan)
    )


def in_words(discounts: Discounts) -> str:
    """优惠 ¥5.00、300 积分抵 ¥3.00: what is used beside money."""
    said = []
    if discounts.coupon_off:
        said.append(f"优惠 ¥{yuan(discounts.coupon_off)}")
    if discounts.points:
        said.append(f"{discounts.points} 积分抵 ¥{yuan(discounts.points_worth)}")
    return "、".join(said)


def points_back(points: int, *, worth: Fen, returned: Fen, back: Fen) -> int:
    """
    How many of the points that paid `worth` come back with `back` more fen of it, when `returned` fen are
    back already: all of it gives back all of them, in whatever pieces.
    """
    return points * (returned + back) // worth - points * returned // worth
