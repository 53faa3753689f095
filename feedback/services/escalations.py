"""Every minute: who must know of a promise that is about to be, or was, broken is told, once each."""

import logging
from datetime import datetime

from django.db import transaction

from feedback.errors import EscalationSeen
from feedback.events import TicketEscalated
from feedback.models import Escalation, SlaClock, Ticket
from feedback.models.sla import RUNNING
from feedback.rules.sla import Rung
from feedback.services.sla import climb, is_answered, note_breach
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.events import publish

logger = logging.getLogger(__name__)


def watch_clocks(*, at: datetime, limit: int) -> None:
    """
    Tell the agent of what is soon broken, the lead of what is, and the manager of what has been for long.
    Repeating it does no harm; a ticket that somebody is at is left to the next round.
    """
    due = SlaClock.objects.filter(next_rung_at__lte=at).order_by("next_rung_at")
    for ticket_id in dict.fromkeys(due.values_list("ticket_id", flat=True)[:limit]):
        _tell_of(ticket_id, at=at)


@transaction.atomic(durable=True)
def _tell_of(ticket_id: int, *, at: datetime) -> None:
    ticket = Ticket.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=ticket_id).first()
    if ticket is None:
        return
    rows = ticket.clocks.filter(RUNNING, next_rung_at__lte=at).select_related("policy__calendar")
    for running in rows.order_by("pk"):
        while not is_answered(running, ticket) and running.next_rung_at and running.next_rung_at <= at:
            _escalate(running, ticket, at=at)


def _escalate(running: SlaClock, ticket: Ticket, *, at: datetime) -> None:
    rung = Rung(running.rung + 1)
    if rung == Rung.AGENT:
        running.warned_at = at
    note_breach(running, at=at, agent_id=ticket.assignee_id)
    climb(running, to=rung)
    Escalation.objects.create(
        clock=running, rung=rung, told_id=ticket.assignee_id if rung == Rung.AGENT else None, at=at
    )
    publish(
        TicketEscalated(ticket_id=ticket.pk, clock=running.kind, rung=rung, assignee_id=ticket.assignee_id)
    )
    logger.warning(
        "feedback.ticket.escalated", extra={"ticket": ticket.number, "clock": running.kind, "rung": rung}
    )


@transaction.atomic
def take_note(*, escalation_id: int, by_id: int, remark: str) -> None:
    """
    Somebody whom it reached says what is done about it; that goes for the rungs below, too.

    :raises EscalationSeen: somebody has done so before
    """
    row = Escalation.objects.select_for_update(no_key=True).get(pk=escalation_id)
    if row.seen_at is not None:
        raise EscalationSeen
    so_far = Escalation.objects.filter(clock=row.clock_id, rung__lte=row.rung, seen_at=None)
    so_far.update(seen_by=by_id, seen_at=clock.now(), remark=remark)
    record_audit(
        action="feedback.escalation.seen",
        subject=f"ticket:{row.clock.ticket_id}",
        facts={"clock": row.clock.kind, "rung": row.rung, "reason": remark},
    )
