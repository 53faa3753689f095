"""What can go wrong with how people want to be told."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class MustBeTold(DomainError):
    code = "MUST_BE_TOLD"
    status = 409
    message = _("账户安全与协议类消息关系到您的权益，不能关闭")
    facts = ("category",)
    remembered = False
