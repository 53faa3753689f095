"""What can go wrong with points."""

from django.utils.translation import gettext_lazy as _

from wallet_project.kit.errors import DomainError


class PointsShort(DomainError):
    """`needed` points were asked of somebody who can use only `available`."""

    code = "POINTS_SHORT"
    status = 409
    message = _("可用积分不足")
    facts = ("needed", "available")
