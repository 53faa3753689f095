"""Where it hurts: which promises were kept, by whom and when, and what people write about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractHour

from feedback.models import SlaClock, Ticket
from feedback.models.sla import RUNNING
from wallet_project.kit.clock import SHANGHAI

BY_CLOCK: Final = F("kind")
BY_AGENT: Final = F("agent_id")
BY_QUEUE: Final = F("ticket__queue__name")
BY_KIND: Final = F("ticket__kind")
BY_HOUR: Final = ExtractHour("started_at", tzinfo=SHANGHAI)  # of the Shanghai day in which somebody asked


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Promises of one group that were kept, and that were broken, in a period."""

    group: Any
    hits: int
    misses: int

    @property
    def percent(self) -> int:
        """Kept of all, rounded down: a hundred is said of nothing less."""
        return self.hits * 100 // (self.hits + self.misses)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Tickets of one group opened in a period and in as long a one before it; the fen in question."""

    group: Any
    tickets: int
    before: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the desk stands at a moment."""

    running: int
    overdue: int
    warned: int
    still: int


def kept_by(group: Any, *, since: datetime, until: datetime) -> list[Kept]:
    """Each group with a promise that was kept or broken in the period, the most broken first; one query."""
    missed = Q(breached_at__gte=since, breached_at__lt=until)
    kept = Q(met_at__gte=since, met_at__lt=until, breached_at=None)
    rows = (
        SlaClock.objects.filter(missed | kept)
        .values(group=group)
        .annotate(hits=Count("pk", filter=kept), misses=Count("pk", filter=missed))
    )
    return sorted((Kept(**row) for row in rows), key=lambda each: (-each.misses, -each.hits))


def troubles_by(group: str, *, since: datetime, until: datetime) -> list[Trouble]:
    """Each value of a column of tickets, the most frequent first; one query."""
    now = Q(opened_at__gte=since)
    rows = (
        Ticket.objects.filter(opened_at__gte=since - (until - since), opened_at__lt=until)
        .exclude(state="MERGED")
        .values(group=F(group))
        .annotate(
            tickets=Count("pk", filter=now),
            before=Count("pk", filter=~now),
            amount=Coalesce(Sum("amount", filter=now), 0),
        )
    )
    return sorted((Trouble(**row) for row in rows), key=lambda each: (-each.tickets, -each.before))


def standing(*, at: datetime) -> Standing:
    """One query."""
    return Standing(
        **SlaClock.objects.filter(RUNNING).aggregate(
            running=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=at)),
            warned=Count("pk", filter=Q(due_at__gte=at, warned_at__isnull=False)),
            still=Count("pk", filter=Q(due_at=None)),
        )
    )


def most_urgent_clocks(*, limit: int) -> QuerySet[SlaClock]:
    """What rings next, or has rung, of all that waits."""
    running = SlaClock.objects.filter(RUNNING, due_at__isnull=False)
    return running.select_related("ticket__assignee", "ticket__queue").order_by("due_at", "id")[:limit]
