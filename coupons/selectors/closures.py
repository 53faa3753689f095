"""What somebody who leaves should know that they lose."""

from django.utils.translation import gettext as _

from accounts.rules.closures import Blocker, BlockerKind
from coupons.models import Coupon, CouponState, PointsAccount, Reward
from coupons.rules.rewards import OPEN


def closure_blockers(user_id: int) -> list[Blocker]:
    """
    Points, coupons and rewards to come block nobody; they are no money yet, so there is no amount to agree
    to. Three queries.
    """
    account = PointsAccount.objects.filter(pk=user_id).first()
    coupons = Coupon.objects.filter(user=user_id, state=CouponState.HELD).count()
    points = account.pending + account.active if account else 0
    rewards = Reward.objects.filter(user=user_id, state__in=OPEN).count()
    blockers = []
    if points:
        blockers.append(
            Blocker(
                code="POINTS_LEFT",
                title=_("积分"),
                how=_("可以先使用；注销后剩余的 %(points)s 积分作废") % {"points": points},
                where="/api/v1/points",
                kind=BlockerKind.GIVE_UP,
            )
        )
    if coupons:
        blockers.append(
            Blocker(
                code="COUPONS_LEFT",
                title=_("优惠券"),
                how=_("可以先使用；注销后剩余的 %(coupons)s 张优惠券作废") % {"coupons": coupons},
                where="/api/v1/coupons",
                kind=BlockerKind.GIVE_UP,
            )
        )
    if rewards:
        blockers.append(
            Blocker(
                code="REWARDS_LEFT",
                title=_("待发放的奖励"),
                how=_("可以等发放后再注销；注销后待发放的 %(rewards)s 笔奖励作废") % {"rewards": rewards},
                where="/api/v1/rewards",
                kind=BlockerKind.GIVE_UP,
            )
        )
    return blockers
