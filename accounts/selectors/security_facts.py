"""What others must be careful about."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import SecurityFacts


@dataclass(frozen=True, kw_only=True)
class Cooldown:
    """Money does not leave before `until`; `reason` is a CoolReason."""

    until: datetime
    reason: str


def cooldown_of(user_id: int, *, now: datetime) -> Cooldown | None:
    """Why nothing may be withdrawn now; None when nothing is in the way. One query."""
    facts = SecurityFacts.objects.filter(user_id=user_id, withdrawals_cooled_until__gt=now).first()
    if facts is None or facts.withdrawals_cooled_until is None:
        return None
    return Cooldown(until=facts.withdrawals_cooled_until, reason=facts.cool_reason)
