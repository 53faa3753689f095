"""Keep what others must be careful about."""

from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import SecurityFacts
from accounts.models.security_facts import CoolReason
from wallet_project.kit.db import require_transaction


def cool_withdrawals(*, user_id: int, reason: CoolReason, now: datetime) -> datetime:
    """
    No money leaves for a day: whoever took the account over must wait, its owner has time to notice.

    Part of the caller's transaction; returns until when. A later fact never shortens an earlier one.
    """
    require_transaction()
    until = now + timedelta(seconds=settings.WITHDRAWAL_COOLDOWN_SECONDS)
    SecurityFacts.objects.update_or_create(
        user_id=user_id, defaults={"withdrawals_cooled_until": until, "cool_reason": reason}
    )
    return until
