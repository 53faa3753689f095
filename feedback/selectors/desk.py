"""What an agent sees of the queue."""

from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from feedback.models import Agent, SavedView, SlaClock, Ticket, TicketMessage
from feedback.models.sla import RUNNING
from feedback.rules.tickets import OPEN_STATES, TicketState, Voice
from feedback.selectors.routing import IN_WORK
from feedback.selectors.sla import due_before
from feedback.selectors.subjects import Subject, subject_of
from wallet_project.kit.errors import NotFound

_SNIPPET = 120


def figures_of(user_id: int, *, at: datetime) -> dict[str, int]:
    """How many tickets each of the views that everybody has would show; one query."""
    return Ticket.objects.filter(state__in=OPEN_STATES).aggregate(
        todo=Count("pk", filter=IN_WORK),
        mine=Count("pk", filter=IN_WORK & Q(assignee=user_id)),
        free=Count("pk", filter=IN_WORK & Q(assignee=None)),
        late=Count("pk", filter=IN_WORK & due_before(at)),
        waiting=Count("pk", filter=Q(state=TicketState.WAITING)),
    )


def as_in_queue(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Each with when its first running clock rings, what was said last, and by whom."""
    clocks = SlaClock.objects.filter(RUNNING, ticket=OuterRef("pk"), due_at__isnull=False).order_by("due_at")
    said = TicketMessage.objects.filter(ticket=OuterRef("pk")).exclude(voice=Voice.NOTE).order_by("-pk")
    return tickets.annotate(
        rings_at=Subquery(clocks.values("due_at")[:1]),
        last_words=Subquery(said.values(short=Left("body", _SNIPPET))[:1]),
        last_voice=Subquery(said.values("voice")[:1]),
    )


def views_of(user_id: int) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner=user_id).order_by("pk")


def agent_of(user_id: int) -> Agent | None:
    return Agent.objects.filter(user=user_id).first()


def agents_by_name() -> QuerySet[Agent]:
    return (
        Agent.objects.filter(user__is_active=True)
        .select_related("user")
        .order_by("user__nickname", "user__username")
    )


def other_tickets_of(ticket: Ticket, *, limit: int) -> list[Ticket]:
    """What else this customer asked for, newest first; whom we do not know asked for nothing else."""
    if ticket.user_id is None:
        return []
    return list(Ticket.objects.filter(user=ticket.user_id).exclude(pk=ticket.pk).order_by("-pk")[:limit])


def tickets_to_merge_with(ticket: Ticket) -> QuerySet[Ticket]:
    """Open ones of the same customer, or of nobody we know; newest first."""
    others = Ticket.objects.filter(state__in=OPEN_STATES).exclude(pk=ticket.pk).order_by("-pk")
    if ticket.user_id is None:
        return others
    return others.filter(Q(user=ticket.user_id) | Q(user=None))


def known_subject_of(ticket: Ticket) -> Subject | None:
    """None: it is about nothing, or about what is not this customer's."""
    if ticket.user_id is None or not ticket.about:
        return None
    try:
        return subject_of(ticket.about, user_id=ticket.user_id)
    except NotFound:
        return None
