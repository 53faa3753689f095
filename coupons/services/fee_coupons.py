"""A coupon that spares a fee is used by the move whose fee it was, which the wallet tells of."""

from django.db import transaction

from coupons.models import Coupon, CouponState
from coupons.services.coupons import lapse, promise_anew
from wallet_project.kit import clock
from wallet_project.kit.money import Fen


@transaction.atomic
def use_fee_coupon(*, serial: str, quote: str, spared: Fen) -> None:
    """
    It has spared so much of a fee. That costs us nothing but the fee that we do not earn, so nothing is owed
    any more. One whose time was over just then is used all the same; does nothing the second time.
    """
    coupon = Coupon.objects.select_for_update(no_key=True).get(serial=serial)
    if coupon.state not in (CouponState.HELD, CouponState.EXPIRED):
        return
    if coupon.state == CouponState.HELD:
        lapse(coupon, key=f"used:{quote}")
    coupon.state, coupon.reference, coupon.worth = CouponState.REDEEMED, _reference(quote), spared
    coupon.ended_at = clock.now()
    coupon.save(update_fields=["state", "reference", "worth", "ended_at"])


@transaction.atomic
def return_fee_coupon(*, serial: str, quote: str) -> None:
    """The move came to nothing: the coupon is its owner's again, and promised anew; not twice."""
    coupon = Coupon.objects.select_for_update(no_key=True).get(serial=serial)
    if (coupon.state, coupon.reference) != (CouponState.REDEEMED, _reference(quote)):
        return
    promise_anew(coupon, key=f"returned:{quote}")


def _reference(quote: str) -> str:
    return f"quote:{quote}"
