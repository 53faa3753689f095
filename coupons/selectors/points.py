"""What somebody has in points."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum

from coupons.models import PointsAccount, PointsEntry, PointsLot, PointsPolicy
from wallet_project.approvals.agreed import AgreedState


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """So many points can be used until then."""

    points: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Points:
    account: PointsAccount
    expiring: list[Expiring]
    policy: PointsPolicy


def policy_in_force() -> PointsPolicy:
    """There is always one: the first came with the tables, and it ends when another begins."""
    return PointsPolicy.objects.get(state=AgreedState.LIVE)


def points_of(user_id: int, *, at: datetime) -> Points:
    """Pending, active, reserved, owed, and what ends before long, the first to end first: three queries."""
    account = PointsAccount.objects.filter(pk=user_id).first() or PointsAccount(user_id=user_id)
    policy = policy_in_force()
    soon = (
        usable_lots(user_id, at=at)
        .filter(expires_at__lte=at + timedelta(days=policy.notice_days))
        .order_by("expires_at")
        .values("expires_at")
        .annotate(points=Sum("left"))
    )
    return Points(account=account, expiring=[Expiring(**each) for each in soon], policy=policy)


def usable_lots(user_id: int, *, at: datetime) -> QuerySet[PointsLot]:
    """What can be spent at that moment, in the order in which it is."""
    lots = PointsLot.objects.filter(account=user_id, is_pending=False, left__gt=0, expires_at__gt=at)
    return lots.order_by("expires_at", "pk")


def history_of(user_id: int) -> QuerySet[PointsEntry]:
    return PointsEntry.objects.filter(account=user_id)


def latest_history_of(user_id: int) -> QuerySet[PointsEntry]:
    return history_of(user_id).order_by("-pk")[:50]


def given_by(rule_id: int) -> int:
    """Points that this rule has given, whatever became of them."""
    total: int = PointsLot.objects.filter(rule=rule_id).aggregate(total=Sum("amount"))["total"] or 0
    return total
