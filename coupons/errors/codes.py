"""What can go wrong with a code."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class CodeUnknown(DomainError):
    code = "CODE_UNKNOWN"
    status = 404
    message = _("兑换码无效，请检查后重新输入")
    remembered = False


class CodeUsed(DomainError):
    code = "CODE_USED"
    status = 409
    message = _("兑换码已被使用")


class CodesTakenAway(DomainError):
    """Said to staff: the codes of this batch are with whoever took them away."""

    code = "CODES_TAKEN_AWAY"
    status = 409
    message = _("这批兑换码已经导出过，不能再次导出")
