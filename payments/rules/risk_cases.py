"""What somebody has to look at: how it began, and how it may end."""

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DUE: Final = timedelta(hours=24)
CLEARED_FOR: Final = timedelta(hours=24)  # how long a move that was let go is not held again


class RiskCaseKind(TextChoices):
    MOVE = "MOVE", _("暂缓的操作")
    PATTERN = "PATTERN", _("事后发现的规律")
    STAFF = "STAFF", _("人工建立")


class RiskCaseState(TextChoices):
    """OPEN → FALSE_ALARM or CONFIRMED."""

    OPEN = "OPEN", _("待处理")
    FALSE_ALARM = "FALSE_ALARM", _("误报，已放行")
    CONFIRMED = "CONFIRMED", _("确认风险")


RISK_CASE_MOVES: Final = {RiskCaseState.OPEN: {RiskCaseState.FALSE_ALARM, RiskCaseState.CONFIRMED}}
