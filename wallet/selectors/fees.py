"""What is charged, what will be, and what was."""

from datetime import datetime
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When, Window
from django.db.models.functions import Lead

from wallet.models import FeeSchedule
from wallet.rules.fees import Standing
from wallet.rules.kinds import MoveKind


def schedule_in_force(kind: str, *, tier: str = "", at: datetime) -> FeeSchedule:
    """
    The row by which this kind of move is charged at a moment: the tier's own, or else everybody's.

    :raises FeeSchedule.DoesNotExist: nobody has ever said what it costs
    """
    rows = FeeSchedule.objects.filter(kind=kind, tier__in={tier, ""}, effective_from__lte=at)
    found = rows.order_by("-tier", "-effective_from", "-id").first()
    if found is None:
        raise FeeSchedule.DoesNotExist(kind)
    return found


def all_schedules(*, at: datetime) -> QuerySet[Any]:
    """
    Every version there is, with `ends`, when the next one takes its place (None: nothing is planned), and its
    `standing` at a moment.
    """
    ends = Window(Lead("effective_from"), partition_by=["kind", "tier"], order_by=["effective_from", "id"])
    standing = Case(
        When(ends__lte=F("effective_from"), then=Value(Standing.SKIPPED.value)),
        When(effective_from__gt=at, then=Value(Standing.COMING.value)),
        When(ends__lte=at, then=Value(Standing.PAST.value)),
        default=Value(Standing.IN_FORCE.value),
    )
    return FeeSchedule.objects.annotate(ends=ends).annotate(standing=standing)


def published_fees(*, at: datetime) -> dict[str, list[Any]]:
    """What anybody may know, by standing: kind by kind, and what is past newest first. One query."""
    found: dict[str, list[Any]] = {Standing.IN_FORCE: [], Standing.COMING: [], Standing.PAST: []}
    counted = all_schedules(at=at).exclude(standing=Standing.SKIPPED)
    for schedule in counted.order_by("-effective_from", "-id"):
        found[schedule.standing].append(schedule)
    kinds = MoveKind.values
    for standing in (Standing.IN_FORCE, Standing.COMING):
        found[standing].sort(key=lambda schedule: (kinds.index(schedule.kind), schedule.tier))
    return found
