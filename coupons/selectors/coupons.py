"""A customer's coupons, and those they may take."""

from datetime import datetime

from django.db.models import Q, QuerySet, TextChoices

from coupons.models import Coupon, CouponState, CouponTemplate, Giving
from coupons.rules.eligibility import why_not_for
from coupons.selectors.offers import to_be_had, who_is

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


def offers_to_claim(user_id: int, *, at: datetime) -> list[CouponTemplate]:
    """What this person may take now, what ends first before the rest; three queries at most."""
    found = to_be_had(user_id, at=at).filter(giving=Giving.CLAIM).order_by("offered_until", "pk")
    templates = list(found[:_MOST_OFFERED])
    who = who_is(user_id, asked_by=[template.promise for template in templates])
    return [template for template in templates if why_not_for(template.promise, who) is None]
