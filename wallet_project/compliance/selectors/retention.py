"""The schedule as it stands: which kinds are cleared, what each run brought, what would go now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from wallet_project.compliance.models import RetentionRule, RetentionRun
from wallet_project.compliance.selectors.outdated import KINDS, PASSING
from wallet_project.kit.retention import PassingKind


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a run would clear now, without clearing it."""

    kind: PassingKind
    rows: int
    before: datetime


def kinds_to_clear() -> list[str]:
    """In the catalogue's order; a row whose kind is gone with an older version is left out."""
    enabled = set(RetentionRule.objects.filter(enabled=True).values_list("kind", flat=True))
    return [key for key in PASSING if key in enabled]


def outlook(*, kind: str, now: datetime) -> Outlook:
    found = PASSING[kind]
    before = cleared_before(RetentionRule.objects.get(kind=kind), now=now)
    return Outlook(kind=found, rows=found.outdated(before=before).count(), before=before)


def cleared_before(rule: RetentionRule, *, now: datetime) -> datetime:
    """Whatever the row says, nothing goes before the least time of its kind."""
    return now - timedelta(days=max(rule.keep_days, KINDS[rule.kind].minimum_days))


def rules_with_last_run() -> QuerySet[RetentionRule]:
    """In one query; `last_run_*` are None where there was no run yet."""
    last = RetentionRun.objects.filter(rule=OuterRef("pk")).order_by("-started_at")
    return RetentionRule.objects.annotate(
        last_run_at=Subquery(last.values("started_at")[:1]),
        last_run_state=Subquery(last.values("state")[:1]),
        last_run_cleared=Subquery(last.values("cleared")[:1]),
    )
