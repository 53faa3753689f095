"""What can go wrong with how people want to be told."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class MustBeTold(DomainError):
    code = "MUST_BE_TOLD"
    status = 409
    message = _("账户安全与协议类消息关系到您的权益，不能关闭")
    facts = ("category",)
    remembered = False


class QuietHoursOfNoLength(DomainError):
    """Nobody knows whether they would be none or the whole day: whoever wants none turns them off."""

    code = "QUIET_HOURS_OF_NO_LENGTH"
    status = 400
    message = _("免打扰的开始和结束时间不能相同；不需要免打扰时请关闭它")
