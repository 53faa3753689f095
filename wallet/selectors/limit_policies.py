"""Which version of the limits counts."""

from collections.abc import Iterable
from datetime import datetime

from accounts.rules.kyc import KycLevel
from wallet.models import LimitPolicy
from wallet.rules.limits import Limits

Policies = dict[tuple[KycLevel, str], Limits]


def policies_in_force(levels: Iterable[KycLevel], *, at: datetime) -> Policies:
    """What these levels may do at a moment, by level and move; in one query."""
    begun = LimitPolicy.objects.filter(level__in=list(levels), effective_from__lte=at)
    newest = begun.order_by("level", "move", "-effective_from", "-id").distinct("level", "move")
    return {(KycLevel(policy.level), policy.move): policy.limits for policy in newest}
