"""What a cashback coupon gives, some days after the purchase that used it."""

from datetime import timedelta

from coupons.models import RedeemedCoupon
from coupons.rules.rewards import RewardKind, RewardTerms
from coupons.services.campaigns import take_back_for_return
from coupons.services.purchases import lock_purchase
from coupons.services.rewards import give_reward

CASHBACK_AFTER = timedelta(days=7)


def give_coupon_cashback(*, reference: str) -> None:
    """
    Promise what the coupons of this purchase give back; a return takes its share of it again.

    Must be called in a transaction; does nothing the second time.

    :raises Paused: nothing is given at the moment
    """
    purchase = lock_purchase(reference)
    if not purchase.redemption:
        return
    used = RedeemedCoupon.objects.filter(redemption__reference=purchase.redemption, back__gt=0)
    for one in used.select_related("coupon__template").order_by("pk"):
        give_reward(
            user_id=purchase.user_id,
            terms=RewardTerms(kind=RewardKind.CASHBACK, amount=one.back),
            source=f"coupon:{one.coupon.serial}:{reference}",
            title=one.coupon.template.name,
            vests_at=purchase.paid_at + CASHBACK_AFTER,
            reference=reference,
        )
    take_back_for_return(reference=reference)  # it may be heard of before what was bought
