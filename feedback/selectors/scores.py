"""What customers say about us: scores over time, by who helped and by what it was about."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth

from feedback.models import Invitation
from feedback.rules.surveys import SurveyKind
from wallet_project.kit import clock

Counts = dict[int, int]  # score → how often it was given


def score_counts(kind: SurveyKind, *, since: datetime, before: datetime) -> Counts:
    return _counts_by(Value(0), kind, since=since, before=before).get(0, {})


def score_counts_by_agent(*, since: datetime, before: datetime) -> dict[int | None, Counts]:
    """Satisfaction by who had the ticket: user id → counts."""
    return _counts_by(F("ticket__assignee"), SurveyKind.CSAT, since=since, before=before)


def score_counts_by_ticket_kind(*, since: datetime, before: datetime) -> dict[str | None, Counts]:
    return _counts_by(F("ticket__kind"), SurveyKind.CSAT, since=since, before=before)


def score_counts_by_month(kind: SurveyKind, *, since: datetime, before: datetime) -> dict[datetime, Counts]:
    """The beginning of each Shanghai month → counts."""
    month = TruncMonth("answered_at", tzinfo=clock.SHANGHAI)
    return _counts_by(month, kind, since=since, before=before)


def scores_by(user_id: int) -> QuerySet[Invitation]:
    """What somebody scored, the latest first."""
    scored = Invitation.objects.filter(user=user_id, score__isnull=False)
    return scored.select_related("survey").order_by("-answered_at")


def response_rate(*, since: datetime, before: datetime) -> tuple[int, int]:
    """Of those whom we asked then: how many answered, how many there were."""
    asked = Invitation.objects.filter(opens_at__gte=since, opens_at__lt=before)
    found = asked.aggregate(all=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    return found["answered"], found["all"]


def _counts_by(by: Combinable, kind: SurveyKind, *, since: datetime, before: datetime) -> dict[Any, Counts]:
    scored = Invitation.objects.filter(
        survey__kind=kind, score__isnull=False, answered_at__gte=since, answered_at__lt=before
    )
    counts: dict[Any, Counts] = defaultdict(dict)
    rows = scored.annotate(by=by).values_list("by", "score").annotate(count=Count("pk")).order_by("by")
    for key, score, count in rows:
        counts[key][score] = count
    return counts
