"""What a tier gives, as customers read it."""

from django.utils.translation import gettext

from coupons.rules.membership import ORDINARY
from coupons.rules.offer_words import percent


def benefits_in_words(
    *, points_rate: int, fee_tier: str, limit_uplift: int, coupon: str, support_priority: int
) -> list[str]:
    """Rates in basis points; `coupon` is the name of the one there is each month."""
    benefits = []
    if points_rate > ORDINARY:
        benefits.append(gettext("积分 %(times)s 倍") % {"times": f"{points_rate / ORDINARY:g}"})
    if fee_tier:
        benefits.append(gettext("专享手续费"))
    if limit_uplift:
        benefits.append(gettext("限额提升 %(share)s") % {"share": percent(limit_uplift)})
    if coupon:
        benefits.append(gettext("每月一张%(coupon)s") % {"coupon": coupon})
    if support_priority:
        benefits.append(gettext("客服优先"))
    return benefits
