"""What the queue shows of each ticket beside its columns."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from feedback.admin.clocks import ticket_heat
from feedback.models import Ticket
from feedback.selectors.sla import next_due
from wallet_project.kit.money import yuan


def dress(tickets: Collection[Ticket], *, at: datetime) -> None:
    """`clock` says how urgent a row is, in words, `heat` in a colour: late, soon, calm, or none."""
    due = next_due([ticket.pk for ticket in tickets])
    row: Any
    for row in tickets:
        rings = due.get(row.pk)
        row.clock, row.heat = ticket_heat(rings, at=at) if rings else (row.get_state_display(), "")
        row.yuan = yuan(row.amount)
