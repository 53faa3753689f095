"""Which version of the limits counts."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from accounts.rules.kyc import KycLevel
from wallet.models import CustomerStanding, LimitPolicy
from wallet.rules.limits import OUT, Limits

Policies = dict[tuple[KycLevel, str], Limits]


def policies_in_force(levels: Iterable[KycLevel], *, at: datetime, user_id: int | None = None) -> Policies:
    """
    What these levels may do at a moment, by level and move; in one query. With the standing of a user it is
    more, except of OUT: that sum is the regulation's.
    """
    begun = LimitPolicy.objects.filter(level__in=list(levels), effective_from__lte=at)
    newest = begun.order_by("level", "move", "-effective_from", "-id").distinct("level", "move")
    uplift = Subquery(CustomerStanding.objects.filter(pk=user_id).values("limit_uplift"))
    return {
        (KycLevel(policy.level), policy.move): policy.limits.uplifted(
            policy.uplift if policy.move != OUT else 0
        )
        for policy in newest.annotate(uplift=Coalesce(uplift, 0))
    }
