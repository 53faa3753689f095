"""What was resolved and is not objected to is over after a while."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from feedback.models import Ticket
from feedback.rules.tickets import TicketState
from feedback.services.locks import lock_ticket
from feedback.services.tickets import move_locked
from wallet_project.kit.sweeps import sweep

SILENT_FOR = timedelta(days=3)


def close_silent_tickets(*, at: datetime, limit: int) -> int:
    """Close what was resolved three days ago, each in a transaction of its own; returns how many."""
    before = at - SILENT_FOR
    silent = Ticket.objects.filter(state=TicketState.RESOLVED, resolved_at__lt=before).order_by("resolved_at")
    close = partial(_close, resolved_before=before)
    return sweep(
        list(silent.values_list("pk", flat=True)[:limit]), close, failed="feedback.auto_close.failed"
    )


def _close(ticket_id: int, *, resolved_before: datetime) -> bool:
    with transaction.atomic(durable=True):
        ticket = lock_ticket(ticket_id)
        if ticket.resolved_at is None or ticket.resolved_at >= resolved_before:
            return False  # somebody objected in this very moment
        if ticket.state == TicketState.RESOLVED:
            move_locked(ticket, to=TicketState.CLOSED, by_id=None, because="逾期未回复")
            return True
    return False
