"""What a purchase has brought its customer, and what it will."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, Sum

from coupons.models import GrowthEntry, PointsLot, Purchase, Reward
from coupons.rules.rewards import RewardState


@dataclass(frozen=True, kw_only=True)
class Earned:
    """
    `points` that can be used from `points_from` on, growth, and rewards still to be given or given. Until
    `is_told` the purchase has not been heard of: there may be more in a moment.
    """

    is_told: bool
    points: int
    points_from: datetime | None
    growth: int
    rewards: list[Reward]


def earned_by(reference: str, *, user_id: int) -> Earned:
    """Of what has not gone back; four queries."""
    lots = PointsLot.objects.filter(reference=reference, account=user_id)
    points = lots.aggregate(points=Sum(F("amount") - F("taken") - F("owed")), begins=Min("active_at"))
    growth = GrowthEntry.objects.filter(reference=reference, user=user_id).aggregate(all=Sum("value"))
    rewards = Reward.objects.filter(reference=reference, user=user_id).exclude(state=RewardState.REVOKED)
    return Earned(
        is_told=Purchase.objects.filter(reference=reference, user=user_id).exists(),
        points=points["points"] or 0,
        points_from=points["begins"],
        growth=growth["all"] or 0,
        rewards=list(rewards.order_by("pk")),
    )
