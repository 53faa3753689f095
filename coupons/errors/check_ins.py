"""What can go wrong with check-ins."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class AlreadyCheckedIn(DomainError):
    code = "ALREADY_CHECKED_IN"
    status = 409
    message = _("今天已经签到过了")


class DayNotMissed(DomainError):
    """Checked in already, to come, too long ago, or before this customer was here."""

    code = "DAY_NOT_MISSED"
    status = 409
    message = _("这一天不能补签")


class MakeUpCardMissing(DomainError):
    code = "MAKE_UP_CARD_MISSING"
    status = 409
    message = _("没有补签卡，可以用积分兑换")
