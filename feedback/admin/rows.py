"""What the queue shows of each ticket beside its columns."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from feedback.models import Ticket
from feedback.rules.tickets import TicketState
from payments.admin.work import in_hours
from wallet_project.kit.money import yuan

_LONG, _TOO_LONG = timedelta(hours=1), timedelta(hours=4)


def dress(tickets: Iterable[Ticket], *, at: datetime) -> None:
    """`clock` says how urgent a row is, in words, `heat` in a colour: late, soon, calm, or none."""
    row: Any
    for row in tickets:
        row.clock, row.heat = _clock(row, at)
        row.yuan = yuan(row.amount)


def _clock(ticket: Ticket, at: datetime) -> tuple[str, str]:
    if ticket.state not in {TicketState.NEW, TicketState.OPEN}:
        return ticket.get_state_display(), ""
    waited = at - (ticket.customer_wrote_at or ticket.opened_at)
    heat = "late" if waited > _TOO_LONG else "soon" if waited > _LONG else "calm"
    return f"已等 {in_hours(waited)}", heat
