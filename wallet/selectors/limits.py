"""Which limits are in force, and what has been used of them."""

from collections.abc import Iterable
from datetime import datetime, time

from accounts.rules.kyc import KycLevel
from wallet.models import LimitPolicy
from wallet.rules.limits import Limits, Period, resets_on
from wallet_project.kit import clock

Policies = dict[tuple[KycLevel, str], Limits]


def policies_in_force(levels: Iterable[KycLevel], *, at: datetime) -> Policies:
    """What these levels may do at a moment, by level and move; in one query."""
    begun = LimitPolicy.objects.filter(level__in=list(levels), effective_from__lte=at)
    newest = begun.order_by("level", "move", "-effective_from", "-id").distinct("level", "move")
    return {(KycLevel(policy.level), policy.move): policy.limits for policy in newest}


def resets_at(period: Period, *, at: datetime) -> datetime | None:
    """When what was used of a period is forgotten; None: never."""
    day = resets_on(period, today=clock.business_day(at))
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI) if day else None
