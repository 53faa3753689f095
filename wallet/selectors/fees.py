"""What is charged, what will be, and what was."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wallet.models import FeeSchedule
from wallet.rules.kinds import MoveKind
from wallet_project.approvals.standing import Standing, with_standing


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
    """Every version there is, with `ends` and its `standing` at a moment (approvals.standing)."""
    return with_standing(FeeSchedule.objects.all(), of=("kind", "tier"), at=at)


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
