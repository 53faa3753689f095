"""How far a wallet is stopped, and what its owner is told."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FreezeScope(TextChoices):
    """As wallet.models.WalletStatus names them."""

    OUT = "FROZEN", _("只进不出")
    IN = "CREDIT_FROZEN", _("只出不进")
    ALL = "ALL_FROZEN", _("不进不出")


class FreezeCause(TextChoices):
    """Why, in words that its owner reads (反电信网络诈骗法, art. 32: they are told, and may object)."""

    RISK = "RISK", _("账户存在异常，正在核实")
    LOST = "LOST", _("应你本人挂失")
    COMPLAINT = "COMPLAINT", _("投诉处理中")
    AUTHORITY = "AUTHORITY", _("依有权机关要求")
    SECURITY = "SECURITY", _("为保障你的资金安全")


def both(one: FreezeScope, other: FreezeScope) -> FreezeScope:
    """What either of two freezes stops."""
    return one if one is other else FreezeScope.ALL
