"""Whom a broken promise reaches, and what waits for them."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from feedback.models import Escalation
from feedback.rules.sla import Rung
from feedback.rules.tickets import Priority

# Whose clock it is runs still, and nobody has taken note.
WAITING = Q(seen_at=None, clock__met_at=None, clock__stopped_at=None)
_PERMISSIONS = {Rung.LEAD: "feedback.lead_escalation", Rung.MANAGER: "feedback.manage_escalation"}


def pressing() -> int:
    """Of how many tickets a promise waits for the manager, or is one of an emergency."""
    loud = Q(rung=Rung.MANAGER) | Q(clock__ticket__priority=Priority.EMERGENCY)
    found = Escalation.objects.filter(WAITING, loud).aggregate(Count("clock__ticket", distinct=True))
    return int(found["clock__ticket__count"])


def may_answer(escalation: Escalation, staff: Any) -> bool:
    """An agent's is theirs, or anybody's while the ticket is nobody's; the others need a permission."""
    permission = _PERMISSIONS.get(Rung(escalation.rung))
    if permission is None:
        return escalation.told_id in (None, staff.pk)
    return bool(staff.has_perm(permission))


def told_to(staff: Any) -> Q:
    """Which escalations reach somebody: an agent their own and unowned ones, the others all up to them."""
    reached = [rung for rung, permission in _PERMISSIONS.items() if staff.has_perm(permission)]
    if reached:
        return Q(rung__lte=max(reached))
    return Q(rung=Rung.AGENT) & (Q(told_id=None) | Q(told_id=staff.pk))


def waiting_for(staff: Any) -> QuerySet[Escalation]:
    """What somebody has to look at now, the newest first: of each clock the highest of their rungs."""
    told = Escalation.objects.filter(WAITING, told_to(staff))
    highest = told.order_by("clock", "-rung").distinct("clock")
    rows = Escalation.objects.filter(pk__in=highest.values("pk")).select_related("clock__ticket__queue")
    return rows.order_by("-at", "-id")
