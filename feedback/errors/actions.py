"""What can go wrong when somebody puts something right from a ticket."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class OwnMatter(DomainError):
    """Staff are customers, too: what concerns them, a colleague does."""

    code = "OWN_MATTER"
    status = 403
    message = _("这是您自己的账户，须由同事办理")


class GoodwillSpent(DomainError):
    """`left` fen are left of what this member of staff may give today, approved or not."""

    code = "GOODWILL_SPENT"
    status = 409
    message = _("超出您今天还能补偿的额度")
    facts = ("limit", "left")


class GivenAgainBefore(DomainError):
    """One coupon is given again once; a refused wish does not count."""

    code = "COUPON_GIVEN_AGAIN_BEFORE"
    status = 409
    message = _("这张优惠券已补发过，或补发正在审批")


class ActionOver(DomainError):
    """What was to be approved has been ended another way."""

    code = "ACTION_OVER"
    status = 409
    message = _("这项办理已经结束")
    facts = ("state",)


class NothingToAppeal(DomainError):
    """Nothing is stopped, or this decision let the move go on."""

    code = "NOTHING_TO_APPEAL"
    status = 409
    message = _("目前没有可以申诉的限制")
