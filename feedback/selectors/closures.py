"""What somebody who leaves should know about their tickets."""

from django.utils.translation import gettext as _

from accounts.rules.closures import Blocker, BlockerKind
from feedback.selectors.tickets import open_tickets_of


def closure_blockers(user_id: int) -> list[Blocker]:
    """What we are at work on keeps nobody; whoever leaves will not read how it ends."""
    count = open_tickets_of(user_id).count()
    if not count:
        return []
    return [
        Blocker(
            code="TICKETS_OPEN",
            title=_("未完结的客服工单"),
            how=_("可以等处理完毕再注销；注销后 %(count)s 个工单随之关闭") % {"count": count},
            where="/api/v1/tickets",
            kind=BlockerKind.GIVE_UP,
        )
    ]
