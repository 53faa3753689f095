"""What can go wrong with a tier."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class TierUnknown(DomainError):
    """Said to staff: it has been ended, or there never was one."""

    code = "TIER_UNKNOWN"
    status = 409
    message = _("没有这个会员等级")
