"""What can go wrong with subscribe messages."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class UnknownTemplate(DomainError):
    """The mini-program was given its templates by us, and asks people for these only."""

    code = "SUBSCRIBE_TEMPLATE_UNKNOWN"
    status = 409
    message = _("订阅消息模板不存在，请更新小程序后再试")
