"""Which of several versions counts: the newest one whose time has come, by `effective_from`, then by id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When, Window
from django.db.models.functions import Lead

from wallet.rules.versions import Standing


def with_standing(versions: QuerySet[Any], *, of: Sequence[str], at: datetime) -> QuerySet[Any]:
    """
    Each version with `ends`, when the next one takes its place (None: nothing is planned), and its `standing`
    at a moment. `of` names the columns that say of what they are versions.
    """
    ends = Window(Lead("effective_from"), partition_by=list(of), order_by=["effective_from", "id"])
    standing = Case(
        When(ends__lte=F("effective_from"), then=Value(Standing.SKIPPED.value)),
        When(effective_from__gt=at, then=Value(Standing.COMING.value)),
        When(ends__lte=at, then=Value(Standing.PAST.value)),
        default=Value(Standing.IN_FORCE.value),
    )
    return versions.annotate(ends=ends).annotate(standing=standing)
