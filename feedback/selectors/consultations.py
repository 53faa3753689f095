"""Whether the articles answer what people ask."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from feedback.models import Consultation
from feedback.rules.consultations import Outcome


@dataclass(frozen=True)
class Deflection:
    """How many asked about something, and how that ended."""

    kind: str
    asked: int
    solved: int
    unsolved: int
    tickets: int


def deflection(*, since: datetime) -> list[Deflection]:
    """Kind by kind, the most asked first."""
    counted = (
        Consultation.objects.filter(asked_at__gte=since)
        .values("kind")
        .annotate(
            asked=Count("pk"),
            solved=Count("pk", filter=Q(outcome=Outcome.SOLVED)),
            unsolved=Count("pk", filter=Q(outcome=Outcome.UNSOLVED)),
            tickets=Count("pk", filter=Q(outcome=Outcome.TICKET)),
        )
        .order_by("-asked", "kind")
    )
    return [Deflection(**row) for row in counted]


def unanswered(*, since: datetime) -> QuerySet[Consultation]:
    """Questions for which nothing was found, or nothing that helped; the latest first."""
    failed = Q(found=0) | Q(outcome__in=[Outcome.UNSOLVED, Outcome.TICKET])
    return Consultation.objects.filter(failed, asked_at__gte=since).order_by("-pk")
