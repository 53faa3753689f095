"""Which versions of limits there are, and which of them counts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When, Window
from django.db.models.functions import Lead

from accounts.rules.kyc import KycLevel
from wallet.models import LimitPolicy
from wallet.rules.limits import Limits
from wallet.rules.versions import Standing

Policies = dict[tuple[KycLevel, str], Limits]


def policies_in_force(levels: Iterable[KycLevel], *, at: datetime) -> Policies:
    """What these levels may do at a moment, by level and move; in one query."""
    begun = LimitPolicy.objects.filter(level__in=list(levels), effective_from__lte=at)
    newest = begun.order_by("level", "move", "-effective_from", "-id").distinct("level", "move")
    return {(KycLevel(policy.level), policy.move): policy.limits for policy in newest}


def all_policies(*, at: datetime) -> QuerySet[Any]:
    """
    Every version there is, with `ends`, when the next one takes its place (None: nothing is planned), and its
    `standing` at a moment.
    """
    ends = Window(Lead("effective_from"), partition_by=["level", "move"], order_by=["effective_from", "id"])
    standing = Case(
        When(ends__lte=F("effective_from"), then=Value(Standing.SKIPPED.value)),
        When(effective_from__gt=at, then=Value(Standing.COMING.value)),
        When(ends__lte=at, then=Value(Standing.PAST.value)),
        default=Value(Standing.IN_FORCE.value),
    )
    return LimitPolicy.objects.annotate(ends=ends).annotate(standing=standing)
