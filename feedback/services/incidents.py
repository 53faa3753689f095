"""Emergencies: one begins with its first ticket, gathers those that follow, and ends item by item."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from feedback.errors import IncidentEnded, IncidentItemDone, IncidentItemsOpen
from feedback.events import IncidentBegan, IncidentOver
from feedback.models import Incident, IncidentItem, IncidentStep, IncidentTicket, Ticket
from feedback.rules.tickets import OPEN_STATES, Priority
from feedback.services.locks import lock_ticket
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.events import publish

logger = logging.getLogger(__name__)


@transaction.atomic
def join_incident(*, ticket_id: int) -> None:
    """A ticket that is an emergency belongs to the open incident of its kind, or begins it. Once."""
    ticket = lock_ticket(ticket_id)
    if (
        ticket.priority == Priority.EMERGENCY
        and ticket.state in OPEN_STATES
        and not IncidentTicket.objects.filter(ticket=ticket).exists()
    ):
        incident = _open_of(ticket.kind) or _begin(ticket, at=clock.now())
        IncidentTicket.objects.create(ticket=ticket, incident=incident)


@transaction.atomic
def lead_incident(*, incident_id: int, leader_id: int) -> None:
    """
    Somebody answers for it from now on.

    :raises IncidentEnded: it is over
    """
    incident = _lock(incident_id)
    incident.leader_id = leader_id
    incident.save(update_fields=["leader_id"])
    _record("led", incident, leader=leader_id)


@transaction.atomic
def do_item(*, item_id: int, by_id: int, remark: str) -> None:
    """
    An item is done, or need not be; `remark` says what was done or why not.

    :raises IncidentEnded: it is over
    :raises IncidentItemDone: somebody has done it
    """
    incident = _lock(IncidentItem.objects.get(pk=item_id).incident_id)
    item = incident.items.get(pk=item_id)
    if item.done_at is not None:
        raise IncidentItemDone
    item.done_at, item.done_by, item.remark = clock.now(), by_id, remark
    item.save(update_fields=["done_at", "done_by", "remark"])
    _record("item", incident, reason=f"{item.text}：{remark}")


@transaction.atomic
def end_incident(*, incident_id: int, by_id: int, finding: str) -> None:
    """
    It is over; `finding` says why it happened and what comes of it.

    :raises IncidentEnded: it is over already
    :raises IncidentItemsOpen: not every item is done
    """
    incident = _lock(incident_id)
    left = incident.items.filter(done_at=None).count()
    if left:
        raise IncidentItemsOpen(left=left)
    _end(incident, Incident.State.ENDED, by_id=by_id, finding=finding)


@transaction.atomic
def call_off_incident(*, incident_id: int, by_id: int, finding: str) -> None:
    """
    It was none.

    :raises IncidentEnded: it is over already
    """
    _end(_lock(incident_id), Incident.State.FALSE_ALARM, by_id=by_id, finding=finding)


def _open_of(kind: str) -> Incident | None:
    """Locked, so that it does not end while somebody joins it."""
    open_ones = Incident.objects.select_for_update(no_key=True).filter(kind=kind, state=Incident.State.OPEN)
    return open_ones.first()


def _begin(ticket: Ticket, *, at: datetime) -> Incident:
    try:
        with transaction.atomic():
            # Not in its customer's words: they go with their ticket, and an emergency is remembered.
            title = f"{ticket.get_kind_display()}（{ticket.number}）"
            incident = Incident.objects.create(kind=ticket.kind, title=title, opened_at=at)
    except IntegrityError:  # another ticket has begun it in this moment
        return _open_of(ticket.kind) or _begin(ticket, at=at)
    IncidentItem.objects.bulk_create(
        IncidentItem(
            incident=incident,
            position=step.position,
            text=step.text,
            due_at=at + timedelta(minutes=step.within_minutes),
        )
        for step in IncidentStep.objects.all()
    )
    _record("began", incident, ticket=ticket.number)
    publish(IncidentBegan(incident_id=incident.pk, kind=incident.kind))
    logger.error("feedback.incident.began", extra={"incident": incident.pk, "kind": incident.kind})
    return incident


def _lock(incident_id: int) -> Incident:
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if incident.state != Incident.State.OPEN:
        raise IncidentEnded
    return incident


def _end(incident: Incident, state: Incident.State, *, by_id: int, finding: str) -> None:
    incident.state, incident.ended_at = state, clock.now()
    incident.ended_by, incident.finding = by_id, finding
    incident.save(update_fields=["state", "ended_at", "ended_by", "finding"])
    _record("ended", incident, state=state, reason=finding)
    publish(IncidentOver(incident_id=incident.pk, kind=incident.kind, state=str(state)))


def _record(what: str, incident: Incident, **facts: object) -> None:
    record_audit(action=f"feedback.incident.{what}", subject=f"incident:{incident.pk}", facts=facts)
