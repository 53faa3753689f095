"""A transfer from one customer to another, and how it may end."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_REMARK = 50
LONGEST_WAIT = timedelta(hours=72)


class TransferState(TextChoices):
    """
    At once, or when the receiver takes it:

        (sent) ──────────────────▶ ACCEPTED
        (sent to wait) ▶ WAITING ─▶ ACCEPTED    the receiver took it
                                 ─▶ DECLINED    the receiver did not want it
                                 ─▶ CANCELLED   the sender took it back before that
                                 ─▶ EXPIRED     nobody did anything in time
    """

    WAITING = "WAITING", _("待对方确认收款")
    ACCEPTED = "ACCEPTED", _("已收款")
    DECLINED = "DECLINED", _("已退回")
    CANCELLED = "CANCELLED", _("已撤回")
    EXPIRED = "EXPIRED", _("超时已退回")


RETURNED = (TransferState.DECLINED, TransferState.CANCELLED, TransferState.EXPIRED)
TRANSFER_MOVES: dict[str, set[str]] = {TransferState.WAITING: {TransferState.ACCEPTED, *RETURNED}}
