"""How the desk did in a time, counted: one query each, over an index of the moment."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour

from feedback.models import Complaint, Invitation, RootCause, SlaClock, Ticket
from feedback.rules.surveys import SurveyKind
from feedback.rules.tickets import TicketState
from wallet_project.kit.clock import SHANGHAI

# Who: ids of people, for a subquery; None is everybody.
People = QuerySet[Any, Any] | None


class Opened(NamedTuple):
    hour: int
    kind: str
    tickets: int


class Solved(NamedTuple):
    """Tickets of one cause (its code; "" is none) that were solved, after so many seconds in all."""

    cause: str
    tickets: int
    seconds: int


class Replied(NamedTuple):
    """Tickets that were answered for the first time, after so many seconds in all."""

    tickets: int
    seconds: int


class Promises(NamedTuple):
    kind: str
    kept: int
    broken: int


def tickets_opened(*, since: datetime, until: datetime, among: People = None) -> list[Opened]:
    """Without those that went on in another one."""
    opened = _of(Ticket.objects.filter(opened_at__gte=since, opened_at__lt=until), among)
    found = opened.exclude(state=TicketState.MERGED).values(
        "kind", hour=ExtractHour("opened_at", tzinfo=SHANGHAI)
    )
    counted = found.annotate(tickets=Count("pk")).order_by()
    return [Opened(*row) for row in counted.values_list("hour", "kind", "tickets")]


def tickets_solved(*, since: datetime, until: datetime, among: People = None) -> list[Solved]:
    solved = _of(Ticket.objects.filter(resolved_at__gte=since, resolved_at__lt=until), among)
    found = solved.exclude(state=TicketState.MERGED).values(code=F("cause__code"))
    counted = found.annotate(tickets=Count("pk"), took=Sum(_since_opened("resolved_at"))).order_by()
    rows = counted.values_list("code", "tickets", "took")
    return [Solved(code or "", tickets, int(took.total_seconds())) for code, tickets, took in rows]


def tickets_replied(*, since: datetime, until: datetime, among: People = None) -> Replied:
    replied = _of(Ticket.objects.filter(first_replied_at__gte=since, first_replied_at__lt=until), among)
    found = replied.aggregate(tickets=Count("pk"), took=Sum(_since_opened("first_replied_at")))
    return Replied(found["tickets"], int(found["took"].total_seconds()) if found["took"] else 0)


def tickets_waiting(*, at: datetime) -> int:
    """Opened before, and neither solved nor over then."""
    later = Q(resolved_at=None) | Q(resolved_at__gte=at)
    return Ticket.objects.filter(later, Q(closed_at=None) | Q(closed_at__gte=at), opened_at__lt=at).count()


def promises(*, since: datetime, until: datetime) -> list[Promises]:
    """By the kind of clock; what was broken is not kept, however late it is met."""
    broken = Q(breached_at__gte=since, breached_at__lt=until)
    kept = Q(met_at__gte=since, met_at__lt=until, breached_at=None)
    found = SlaClock.objects.filter(kept | broken).values("kind")
    counted = found.annotate(kept=Count("pk", filter=kept), broken=Count("pk", filter=broken)).order_by()
    return [Promises(*row) for row in counted.values_list("kind", "kept", "broken")]


def scores(kind: SurveyKind, *, since: datetime, until: datetime, among: People = None) -> dict[int, int]:
    """Score → how often it was given."""
    given = _of(Invitation.objects.filter(answered_at__gte=since, answered_at__lt=until), among)
    found = given.filter(survey__kind=kind, score__isnull=False).values_list("score")
    return dict(found.annotate(Count("pk")).order_by())


def cause_names() -> dict[str, str]:
    """Code → name, of all that there ever were."""
    return dict(RootCause.objects.values_list("code", "name"))


def complaints(*, since: datetime, until: datetime) -> int:
    """Of payers to WeChat."""
    return Complaint.objects.filter(complained_at__gte=since, complained_at__lt=until).count()


def _since_opened(moment: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(moment) - F("opened_at"), output_field=DurationField())


def _of(rows: QuerySet[Any], among: People) -> QuerySet[Any]:
    return rows if among is None else rows.filter(user__in=among)
