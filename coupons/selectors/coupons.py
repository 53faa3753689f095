"""A customer's coupons, and those they may take."""

from datetime import datetime

from django.db.models import Q, QuerySet, TextChoices

from coupons.models import ENDED_UNUSED, Coupon, CouponState, CouponTemplate, Giving
from coupons.rules.eligibility import why_not_for
from coupons.selectors.offers import to_be_had, who_is
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit.errors import NotFound

_MOST_OFFERED = 50


class Shelf(TextChoices):
    """What of a person's coupons is looked at."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"


def coupons_of(user_id: int, *, shelf: str, at: datetime) -> QuerySet[Coupon]:
    """Of this person, with their templates. When its time is over one is expired, swept or not."""
    over = Q(state=CouponState.HELD, valid_until__lte=at)
    held = {
        Shelf.USABLE: Q(state__in=[CouponState.HELD, CouponState.RESERVED]) & ~over,
        Shelf.USED: Q(state=CouponState.REDEEMED),
        Shelf.EXPIRED: Q(state=CouponState.EXPIRED) | over,
    }
    return Coupon.objects.filter(held[Shelf(shelf)], user=user_id).select_related("template")


def coupon_for(*, user_id: int, serial: str) -> Coupon:
    """
    :raises NotFound: no such coupon, or somebody else's: the two look alike
    """
    found = Coupon.objects.filter(user=user_id, serial=serial).select_related("template").first()
    if found is None:
        raise NotFound
    return found


def ended_unused(user_id: int, *, since: datetime) -> QuerySet[Coupon]:
    """What of this person's coupons ended since then without being used, the newest first."""
    ended = Coupon.objects.filter(user=user_id, state__in=ENDED_UNUSED, ended_at__gte=since)
    return ended.select_related("template").order_by("-ended_at")


def templates_in_force() -> QuerySet[CouponTemplate]:
    """What two people have put in force, the newest first: what campaigns, goods and tiers may name."""
    return CouponTemplate.objects.filter(state=AgreedState.LIVE).order_by("-pk")


def templates_to_give(*, at: datetime) -> QuerySet[CouponTemplate]:
    """What staff give to people whom they name."""
    on_offer = Q(state=AgreedState.LIVE, offered_from__lte=at, offered_until__gt=at)
    return CouponTemplate.objects.filter(on_offer, giving=Giving.GRANT).order_by("amount", "pk")


def template_to_give(template_id: int, *, at: datetime) -> CouponTemplate:
    """
    :raises NotFound: staff give none of it now
    """
    found = templates_to_give(at=at).filter(pk=template_id).first()
    if found is None:
        raise NotFound
    return found


def offers_to_claim(user_id: int, *, at: datetime) -> list[CouponTemplate]:
    """What this person may take now, what ends first before the rest; three queries at most."""
    found = to_be_had(user_id, at=at).filter(giving=Giving.CLAIM).order_by("offered_until", "pk")
    templates = list(found[:_MOST_OFFERED])
    who = who_is(user_id, asked_by=[template.promise for template in templates])
    return [template for template in templates if why_not_for(template.promise, who) is None]


def usable_coupon(*, user_id: int, serial: str, at: datetime) -> Coupon | None:
    """This person's coupon, if it may be used now; in use by an order it is not told of either."""
    held = Coupon.objects.filter(user=user_id, serial=serial, state=CouponState.HELD, valid_until__gt=at)
    return held.select_related("template").first()


def claimed_coupons() -> QuerySet[Coupon]:
    """Those that people took themselves, for whoever asks since when."""
    return Coupon.objects.filter(template__giving=Giving.CLAIM)
