"""What can go wrong when numbers are taken away."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class ExportsUsedUp(DomainError):
    code = "EXPORTS_USED_UP"
    status = 429
    message = _("今天导出的次数已用完，请明天再试")
    facts = ("limit",)
    remembered = False
