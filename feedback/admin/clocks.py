"""How urgent a ticket is, in words and in a colour: the same in the queue, on its page and in the report."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.html import format_html

from feedback.models import IncidentTicket, SlaClock, Ticket
from feedback.rules.sla import ClockKind
from feedback.selectors.sla import clocks_of, next_due
from wallet_project.kit import clock
from wallet_project.kit.admin import heat_of, link_to, show_due, show_label

_SOON = timedelta(hours=1)


def ticket_heat(due_at: datetime, *, at: datetime) -> tuple[str, str]:
    """Of one of its clocks: in words, and late, soon or calm."""
    return heat_of(due_at, at=at, soon=_SOON)


def show_ring(due_at: datetime | None, *, at: datetime) -> Any:
    """Empty while nothing rings."""
    return "" if due_at is None else show_due(due_at, at=at, soon=_SOON)


def mark_due(ticket: Ticket) -> Any:
    """Beside its state: when the first of its clocks rings, where one runs."""
    return show_ring(next_due([ticket.pk]).get(ticket.pk), at=clock.now())


def promises_to(ticket: Ticket) -> tuple[tuple[str, Any], ...]:
    """Each kind of clock that it has, the last one, and how it stands; and the emergency that it is about."""
    now = clock.now()
    last = {row.kind: row for row in clocks_of(ticket.pk)}
    rows = [(str(ClockKind(kind).label), _shown(row, now)) for kind, row in last.items()]
    about = IncidentTicket.objects.filter(ticket=ticket).select_related("incident").first()
    return (*rows, ("紧急事件", link_to(about.incident))) if about else tuple(rows)


def _shown(row: SlaClock, now: datetime) -> Any:
    if row.met_at:
        return show_label("超时完成", "danger") if row.breached_at else show_label("按时完成", "success")
    if row.stopped_at:
        return "已停止"
    if row.due_at is None:
        return "暂停计时"
    return format_html("{} {}", show_ring(row.due_at, at=now), clock.in_words(row.due_at)[5:16])
