"""What becomes of a question before it is a ticket."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# A ticket within this time is about what was asked before, whatever was answered then.
ENDS_IN_A_TICKET_WITHIN = timedelta(days=1)


class Outcome(models.TextChoices):
    """ASKED → SOLVED or UNSOLVED, as the customer says; TICKET when one was opened after all."""

    ASKED = "ASKED", _("未反馈")
    SOLVED = "SOLVED", _("已解决")
    UNSOLVED = "UNSOLVED", _("未解决")
    TICKET = "TICKET", _("提交了工单")


def rate(part: int, whole: int) -> str:
    """A share in words; of nothing there is none."""
    return f"{100 * part / whole:.0f}%" if whole else "—"
