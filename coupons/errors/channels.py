"""What can go wrong with a channel's code."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class CodeNotAvailable(DomainError):
    """WeChat draws no code now."""

    code = "MINI_PROGRAM_CODE_NOT_AVAILABLE"
    status = 503
    message = _("小程序码暂时无法生成，请稍后再试")
    remembered = False
    retry_after = 2
