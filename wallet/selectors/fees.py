"""What is charged, what will be, and what was."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from wallet.models import CustomerStanding, FeeSchedule
from wallet.rules.kinds import MoveKind
from wallet_project.approvals.standing import Standing, with_standing


def schedule_in_force(kind: str, *, tier: str = "", at: datetime) -> FeeSchedule:
    """
    The row by which this kind of move is charged at a moment: the tier's own, or else everybody's.

    :raises FeeSchedule.DoesNotExist: nobody has ever said what it costs
    """
    return _in_force(kind, tier=Q(tier=tier), at=at)


def schedule_for(user_id: int, kind: str, *, at: datetime) -> FeeSchedule:
    """
    The row by which this kind of move is charged to somebody: that of their standing, or else everybody's. In
    one query.

    :raises FeeSchedule.DoesNotExist: nobody has ever said what it costs
    """
    theirs = Subquery(CustomerStanding.objects.filter(pk=user_id).values("fee_tier"))
    return _in_force(kind, tier=Q(tier=theirs), at=at)


def all_schedules(*, at: datetime) -> QuerySet[Any]:
    """Every version there is, with `ends` and its `standing` at a moment (approvals.standing)."""
    return with_standing(FeeSchedule.objects.all(), of=("kind", "tier"), at=at)


def fee_tiers() -> list[str]:
    """Every tier that something was ever charged by, apart from everybody's."""
    tiers = FeeSchedule.objects.exclude(tier="").order_by("tier").values_list("tier", flat=True)
    return list(tiers.distinct())


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


def _in_force(kind: str, *, tier: Q, at: datetime) -> FeeSchedule:
    rows = FeeSchedule.objects.filter(tier | Q(tier=""), kind=kind, effective_from__lte=at)
    found = rows.order_by("-tier", "-effective_from", "-id").first()
    if found is None:
        raise FeeSchedule.DoesNotExist(kind)
    return found
