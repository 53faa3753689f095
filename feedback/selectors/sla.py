"""Which policy counts for a ticket, and how its clocks stand."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from feedback.models import SlaClock, SlaPolicy, Ticket
from feedback.models.sla import RUNNING
from feedback.rules.sla import best_fit


def policies_in_force(at: datetime) -> list[SlaPolicy]:
    """The newest version of each cell whose time has come, in use or not."""
    begun = SlaPolicy.objects.filter(effective_from__lte=at).select_related("calendar")
    return list(
        begun.order_by("kind", "priority", "tier", "-effective_from", "-id").distinct(
            "kind", "priority", "tier"
        )
    )


def policy_for(ticket: Ticket, *, at: datetime) -> SlaPolicy:
    """What is promised to this ticket. There is a general policy from the first day on (migrations)."""
    in_use = [policy for policy in policies_in_force(at) if policy.in_use]
    return best_fit(in_use, kind=ticket.kind, priority=ticket.priority, tier=ticket.tier)


def policy_of_cell(*, kind: str, priority: int | None, tier: str, at: datetime) -> SlaPolicy | None:
    """What is said of exactly these now; None: nothing has been."""
    begun = SlaPolicy.objects.filter(kind=kind, priority=priority, tier=tier, effective_from__lte=at)
    return begun.select_related("calendar").order_by("-effective_from", "-id").first()


def next_due(ticket_ids: Collection[int]) -> dict[int, datetime]:
    """Ticket → when the first of its running clocks rings, or rang; no entry where none runs."""
    running = SlaClock.objects.filter(RUNNING, ticket__in=ticket_ids, due_at__isnull=False)
    return dict(running.values("ticket").annotate(due=Min("due_at")).values_list("ticket", "due"))


def due_before(at: datetime) -> Q:
    """Of tickets: one of its running clocks rings by then, or has rung."""
    return Q(Exists(SlaClock.objects.filter(RUNNING, ticket=OuterRef("pk"), due_at__lt=at)))


def clocks_of(ticket_id: int) -> QuerySet[SlaClock]:
    """Every promise to this ticket, in the order in which they were made."""
    return SlaClock.objects.filter(ticket=ticket_id).order_by("started_at", "id")
