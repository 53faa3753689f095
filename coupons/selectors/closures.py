"""What somebody who leaves should know that they lose."""

from django.utils.translation import gettext as _

from accounts.rules.closures import Blocker, BlockerKind
from coupons.models import PointsAccount


def closure_blockers(user_id: int) -> list[Blocker]:
    """Points block nobody; they are no money, so there is no amount to agree to. One query."""
    account = PointsAccount.objects.filter(pk=user_id).first()
    points = account.pending + account.active if account else 0
    if not points:
        return []
    return [
        Blocker(
            code="POINTS_LEFT",
            title=_("积分"),
            how=_("可以先使用；注销后剩余的 %(points)s 积分作废") % {"points": points},
            where="/api/v1/points",
            kind=BlockerKind.GIVE_UP,
        )
    ]
