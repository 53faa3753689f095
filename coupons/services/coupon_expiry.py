"""Coupons end with their time, and their owners are told a few days before."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from coupons.events import CouponExpiring
from coupons.models import Coupon, CouponState
from coupons.services.coupons import end_coupon
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.sweeps import sweep
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import is_paused

_AT_ONCE = 500


def expire_coupons() -> int:
    """
    End what was not used in time, and owe it no more; returns how many. Each is a transaction of its own, and
    two workers share the work. While coupons stand still nobody could use them, and they stay.
    """
    if is_paused(Flow.COUPONS):
        return 0
    over = Coupon.objects.filter(state=CouponState.HELD, valid_until__lte=clock.now())
    ids = list(over.order_by("valid_until").values_list("pk", flat=True)[:_AT_ONCE])
    return sweep(ids, _expire, failed="coupons.coupon.not_expired")


def remind_of_expiry() -> int:
    """Tell, once per coupon, of those that end within COUPON_REMINDER_DAYS; returns of how many."""
    now = clock.now()
    soon = now + timedelta(days=settings.COUPON_REMINDER_DAYS)
    with transaction.atomic(durable=True):
        ending = Coupon.objects.filter(
            state=CouponState.HELD, reminded_at=None, valid_until__gt=now, valid_until__lte=soon
        )
        coupons = list(
            ending.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("template")
            .order_by("valid_until")[:_AT_ONCE]
        )
        for coupon in coupons:
            coupon.reminded_at = now
            publish(
                CouponExpiring(
                    serial=coupon.serial,
                    user_id=coupon.user_id,
                    name_of_coupon=coupon.template.name,
                    valid_until=clock.iso(coupon.valid_until),
                )
            )
        Coupon.objects.bulk_update(coupons, ["reminded_at"])
    return len(coupons)


@transaction.atomic
def _expire(coupon_id: int) -> bool:
    at = clock.now()
    over = Coupon.objects.select_for_update(no_key=True, skip_locked=True).filter(
        pk=coupon_id, state=CouponState.HELD, valid_until__lte=at
    )
    if coupon := over.first():
        end_coupon(coupon, CouponState.EXPIRED, at=at)
    return coupon is not None
