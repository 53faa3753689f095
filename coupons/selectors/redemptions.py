"""What a payment may take of its payer's coupons and points, and what others took."""

from collections.abc import Sequence
from datetime import datetime

from django.core.cache import caches
from django.db.models import Q, Sum

from coupons.errors import CouponNotApplicable, CouponNotUsable, PointsNotUsable, PointsShort
from coupons.models import Coupon, CouponState, CouponTemplate, Giving, Redemption
from coupons.rules.baskets import Basket
from coupons.rules.offers import Offer
from coupons.rules.points import worth_of
from coupons.rules.redemptions import (
    NO_DISCOUNTS,
    NO_WISH,
    Discount,
    Discounts,
    RedemptionState,
    Wish,
    apply_wanted,
    usable_points,
)
from coupons.selectors.offers import automatic_templates_for, who_is
from coupons.selectors.points import policy_in_force, usable_lots
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused
from wallet_project.pauses.services import require_going

_AUTOMATIC = "coupons.automatic"


def discounts_for(*, user_id: int, basket: Basket, wish: Wish, at: datetime, besides: str = "") -> Discounts:
    """
    What is taken off this basket by the coupons and points of a wish, and by discounts that need no coupon.
    What the payment `besides` has reserved counts as free. Nothing is reserved here: `reserve_discounts`
    does, and finds out whether it is still there.

    :raises Paused: no coupon and no point is used at the moment
    :raises CouponNotUsable: a coupon is not theirs, another order has it, or it was used
    :raises CouponNotApplicable: a coupon does not go with this basket, or with the others; it says why
    :raises PointsShort: they have not so many
    :raises PointsNotUsable: this order may be paid with other numbers of points
    """
    if wish != NO_WISH:
        require_going(Flow.COUPONS)
    wanted = {coupon.offer: coupon for coupon in _coupons_of(user_id, wish.coupons, besides=besides)}
    automatic = _by_themselves(user_id, basket=basket, besides=besides, at=at)
    automatic = [offer for offer in automatic if offer not in wanted]
    if not wanted and not automatic and not wish.points:
        return NO_DISCOUNTS
    who = who_is(user_id, asked_by=[offer.terms for offer in (*wanted, *automatic)])
    applied, refused = apply_wanted(list(wanted), automatic, basket=basket, who=who, at=at)
    if refused:
        offer, obstacle = next(iter(refused.items()))
        raise CouponNotApplicable(
            coupon=wanted[offer].serial,
            reason=obstacle.reason.value,
            reason_name=str(obstacle.reason.label),
            missing=obstacle.missing,
        )
    offers = [
        Discount(
            template_id=one.offer.template_id,
            coupon_id=one.offer.coupon_id,
            is_wanted=one.offer in wanted,
            off=one.off,
            back=one.back,
        )
        for one in applied
    ]
    due = Fen(basket.amount - sum(one.off for one in offers))
    if not wish.points:
        return Discounts(offers=offers)
    worth = _points_worth(wish.points, total=basket.amount, due=due)
    _require_points(user_id, wish.points, at=at, besides=besides)
    return Discounts(offers=offers, points=wish.points, points_worth=worth)


def is_anything_off(*, at: datetime) -> bool:
    """Whether there are discounts that need no coupon, as of three seconds ago at most: every order asks."""
    found: bool | None = caches["process"].get(_AUTOMATIC)
    if found is None:
        live = CouponTemplate.objects.filter(giving=Giving.AUTOMATIC, state=AgreedState.LIVE)
        found = live.filter(valid_until__gt=at).exists()
        caches["process"].set(_AUTOMATIC, found, timeout=3)
    return found


def wish_behind(reference: str) -> Wish:
    """What the payer of this payment had asked for, in three queries; nothing where there is no such row."""
    found = _with_coupons(reference)
    return found.wish if found else NO_WISH


def may_be_taken_again(reference: str, *, at: datetime) -> bool:
    """Whether all that was released of a payment's discounts is there and unused, in four queries."""
    found = _with_coupons(reference)
    if found is None or found.state != RedemptionState.RELEASED or is_paused(Flow.COUPONS):
        return False
    coupons = [one.coupon for one in found.coupons.all()]
    are_free = all(
        coupon.state == CouponState.HELD and coupon.valid_from <= at < coupon.valid_until
        for coupon in coupons
    )
    there = usable_lots(found.user_id, at=at).aggregate(points=Sum("left", default=0))["points"]
    return are_free and there >= found.points


def _coupons_of(user_id: int, serials: frozenset[str], *, besides: str) -> Sequence[Coupon]:
    if not serials:
        return []
    free = _free(besides)
    theirs = Coupon.objects.filter(user=user_id, serial__in=serials).select_related("template")
    found = list(theirs.filter(free).order_by("pk"))
    if len(found) < len(serials):
        state = theirs.exclude(free).values_list("state", flat=True).first()
        raise CouponNotUsable(state=state or "UNKNOWN")
    return found


def _by_themselves(user_id: int, *, basket: Basket, besides: str, at: datetime) -> list[Offer]:
    """What needs no coupon; one that is left of a payment that came to nothing is used up first."""
    if is_paused(Flow.COUPONS):
        return []
    mine = Coupon.objects.filter(_free(besides), user=user_id, template__giving=Giving.AUTOMATIC)
    held = [coupon.offer for coupon in mine.select_related("template").order_by("valid_until", "pk")]
    had = {offer.template_id for offer in held}
    new = automatic_templates_for(user_id=user_id, basket=basket, at=at)
    return [*held, *(offer for offer in new if offer.template_id not in had)]


def _free(besides: str) -> Q:
    return Q(state=CouponState.HELD) | Q(state=CouponState.RESERVED, reference=besides)


def _require_points(user_id: int, points: int, *, at: datetime, besides: str) -> None:
    """Before anything is given up for them; whoever reserves them looks again."""
    there = usable_lots(user_id, at=at).aggregate(points=Sum("left", default=0))["points"]
    if besides:
        reserved = Redemption.objects.filter(reference=besides, state=RedemptionState.RESERVED)
        there += reserved.values_list("points", flat=True).first() or 0
    if there < points:
        raise PointsShort(needed=points, available=there)


def _points_worth(points: int, *, total: Fen, due: Fen) -> Fen:
    policy = policy_in_force()
    usable = usable_points(total=total, due=due, per_yuan=policy.per_yuan, share=policy.order_share)
    if not usable.least <= points <= usable.most:
        raise PointsNotUsable(least=usable.least, most=usable.most)
    return worth_of(points, per_yuan=policy.per_yuan)


def _with_coupons(reference: str) -> Redemption | None:
    return Redemption.objects.prefetch_related("coupons__coupon").filter(reference=reference).first()
