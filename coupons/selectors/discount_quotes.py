"""What coupons and points would do for a basket, before anybody decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coupons.models import Coupon, CouponTemplate, MembershipTier, PointsAccount
from coupons.rules.baskets import Basket
from coupons.rules.eligibility import Reason
from coupons.rules.offers import Offer
from coupons.rules.point_rules import EarnEvent, EarnTerms, Spent, earned_by
from coupons.rules.redemptions import Discounts, Usable, Wish, usable_points
from coupons.rules.stacking import Best
from coupons.selectors.membership import tier_of
from coupons.selectors.offers import best_for_basket
from coupons.selectors.point_rules import rules_in_force
from coupons.selectors.points import policy_in_force
from coupons.selectors.redemptions import discounts_for
from wallet_project.kit.clock import SHANGHAI
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class Used:
    """An offer that counts; `serial` is empty where no coupon is needed."""

    serial: str
    name: str
    off: Fen
    back: Fen


@dataclass(frozen=True, kw_only=True)
class NotUsed:
    """An offer that does not, and why; with `missing` more fen it would."""

    serial: str
    name: str
    reason: Reason
    missing: Fen


@dataclass(frozen=True, kw_only=True)
class Unlocks:
    """`missing` more fen, and this offer makes it `gain` fen better."""

    name: str
    missing: Fen
    gain: Fen


@dataclass(frozen=True, kw_only=True)
class DiscountQuote:
    """`points` may be used after the coupons; `points_there` are the customer's."""

    discounts: Discounts
    used: Sequence[Used]
    others: Sequence[NotUsed]
    unlocks: Unlocks | None
    points: Usable
    points_there: int


def quote_discounts(
    *, user_id: int, basket: Basket, coupons: frozenset[str] | None, points: int, at: datetime
) -> DiscountQuote:
    """
    With exactly these coupons, or the best ones where it is None, and so many points, as paying takes them.

    :raises CouponNotUsable, CouponNotApplicable, PointsShort, PointsNotUsable, Paused: as `discounts_for`
    """
    best = best_for_basket(user_id=user_id, basket=basket, at=at)
    named = _Names(best)
    if coupons is None:
        coupons = frozenset(filter(None, (named.serial(one.offer) for one in best.applied)))
    wish = Wish(coupons=coupons, points=points)
    discounts = discounts_for(user_id=user_id, basket=basket, wish=wish, at=at)
    policy = policy_in_force()
    account = PointsAccount.objects.filter(pk=user_id).first()
    chosen = {(one.template_id, one.coupon_id): one for one in discounts.offers}
    offers = [*(one.offer for one in best.applied), *best.obstacles]
    return DiscountQuote(
        discounts=discounts,
        used=[
            Used(serial=named.serial(offer), name=named.name(offer), off=one.off, back=one.back)
            for offer in offers
            if (one := chosen.get((offer.template_id, offer.coupon_id)))
        ],
        others=[
            NotUsed(
                serial=named.serial(offer),
                name=named.name(offer),
                reason=obstacle.reason,
                missing=obstacle.missing,
            )
            for offer, obstacle in best.obstacles.items()
            if (offer.template_id, offer.coupon_id) not in chosen
        ],
        unlocks=_unlocks(best, named),
        points=usable_points(
            total=basket.amount,
            due=Fen(basket.amount - discounts.coupon_off),
            per_yuan=policy.per_yuan,
            share=policy.order_share,
        ),
        points_there=account.active if account else 0,
    )


@dataclass(frozen=True, kw_only=True)
class Earning:
    """By which rules somebody's purchases earn points now, and as a member of which tier."""

    rules: Sequence[EarnTerms]
    tier: MembershipTier


def earning_of(user_id: int, *, at: datetime) -> Earning:
    """Two queries."""
    rules = rules_in_force(EarnEvent.PURCHASE, at=at)
    return Earning(rules=[rule.earn_terms for rule in rules], tier=tier_of(user_id))


def expected_points(earning: Earning, *, basket: Basket, own: Fen, at: datetime) -> int:
    """What this basket would earn, of which so much is paid with own money; a day's most is not looked at."""
    spent = Spent(
        own=own,
        place=basket.place,
        kind=basket.kind,
        at=at.astimezone(SHANGHAI),
        tier=earning.tier.code,
        points_rate=earning.tier.points_rate,
    )
    return sum(earned_by(terms, spent) for terms in earning.rules)


def _unlocks(best: Best, named: "_Names") -> Unlocks | None:
    if best.unlock is None:
        return None
    offer, missing, gain = best.unlock.offer, best.unlock.missing, best.unlock.gain
    return Unlocks(name=named.name(offer), missing=missing, gain=gain)


class _Names:
    """Serials and names of all offers that were looked at, in two queries."""

    def __init__(self, best: Best) -> None:
        offers = [*(one.offer for one in best.applied), *best.obstacles]
        coupons = [offer.coupon_id for offer in offers if offer.coupon_id]
        templates = {offer.template_id for offer in offers}
        self._serials = dict(Coupon.objects.filter(pk__in=coupons).values_list("pk", "serial"))
        self._names = dict(CouponTemplate.objects.filter(pk__in=templates).values_list("pk", "name"))

    def serial(self, offer: Offer) -> str:
        return self._serials.get(offer.coupon_id or 0, "")

    def name(self, offer: Offer) -> str:
        return self._names[offer.template_id]
