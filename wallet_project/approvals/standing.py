"""
Where one of several versions stands in time: of what two people agreed to, is superseded and never changed.

The newest one whose time has come counts: by `effective_from`, then by id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, F, QuerySet, TextChoices, Value, When, Window
from django.db.models.functions import Lead
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """SKIPPED: another one took its place before its time came."""

    IN_FORCE = "in_force", _("现行")
    COMING = "coming", _("待生效")
    PAST = "past", _("已结束")
    SKIPPED = "skipped", _("未生效即被取代")


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
