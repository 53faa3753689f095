"""Which tickets wait for an agent, and who is there."""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from feedback.models import Agent, Queue, Ticket, TicketLook
from feedback.rules.routing import AWAY_AFTER
from feedback.rules.tickets import OPEN_STATES, TicketState

IN_WORK = Q(state__in=[TicketState.NEW, TicketState.OPEN])
WAITS_FOR_US = Q(state=TicketState.NEW) | Q(state=TicketState.OPEN) & (
    Q(we_wrote_at=None) | Q(customer_wrote_at__gt=F("we_wrote_at"))
)


def agents_there(at: datetime) -> QuerySet[Agent]:
    """Those who take new tickets and were seen a moment ago."""
    return Agent.objects.filter(takes_new=True, user__is_active=True, seen_at__gte=at - AWAY_AFTER)


def tickets_without_agent() -> QuerySet[Ticket]:
    """Most urgent first, then the oldest."""
    return Ticket.objects.filter(state__in=OPEN_STATES, assignee=None).order_by("priority", "pk")


def neglected_tickets(at: datetime) -> QuerySet[Ticket]:
    """They wait for us; whoever has them has neither written nor looked for longer than the queue allows."""
    looks = TicketLook.objects.filter(ticket=OuterRef("pk"), user=OuterRef("assignee"))
    too_long = Q(pk=None)
    for queue_id, minutes in Queue.objects.values_list("pk", "idle_minutes"):
        too_long |= Q(queue=queue_id, touched_at__lt=at - timedelta(minutes=minutes))
    return (
        Ticket.objects.filter(WAITS_FOR_US, assignee__isnull=False)
        .annotate(
            # PostgreSQL's GREATEST passes over what is not there.
            touched_at=Greatest(
                "assigned_at", "customer_wrote_at", "we_wrote_at", Subquery(looks.values("at")[:1])
            )
        )
        .filter(too_long)
        .order_by("priority", "pk")
    )
