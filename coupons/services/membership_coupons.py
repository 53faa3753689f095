"""One coupon a month for whoever is on a tier that gives one."""

import logging
from functools import partial

from coupons.errors import CouponNotOffered, CouponsGone, CouponTakenOften
from coupons.models import Membership
from coupons.selectors.membership import tiers_in_force
from coupons.services.coupons import issue_coupon
from wallet_project.kit import clock
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

logger = logging.getLogger(__name__)

_AT_ONCE = 500


def give_monthly_coupons() -> int:
    """
    To everybody on such a tier, once per month and tier; returns how many. Whoever may have no more of it, or
    comes when it is not offered, is tried again next month. While coupons stand still nobody gets one.
    """
    if is_paused(Flow.COUPONS):
        return 0
    month, given = clock.business_month(clock.now()), 0
    for tier, template_id in tiers_in_force().values_list("code", "template"):
        if template_id is None:
            continue
        mark = f"{month}:{tier}"
        waiting = Membership.objects.filter(tier=tier).exclude(given=mark).order_by("pk")
        given += sweep(
            waiting.values_list("pk", flat=True).iterator(chunk_size=_AT_ONCE),
            partial(_give, template_id=template_id, tier=tier, mark=mark),
            failed="coupons.membership.coupon_not_given",
        )
    return given


def _give(user_id: int, *, template_id: int, tier: str, mark: str) -> bool:
    """First the coupon, which is there once per source, then the mark: neither waits for the other's rows."""
    try:
        issue_coupon(
            template_id=template_id,
            user_id=user_id,
            source=f"membership:{mark}:{user_id}",
            reference=f"membership:{tier}",
        )
        is_given = True
    except (CouponNotOffered, CouponsGone, CouponTakenOften) as refusal:
        logger.info("coupons.membership.coupon_refused", extra={"user_id": user_id, "code": refusal.code})
        is_given = False
    Membership.objects.filter(pk=user_id).update(given=mark)
    return is_given
