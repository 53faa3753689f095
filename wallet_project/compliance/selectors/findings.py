"""What the scanners found and nobody has settled."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import QuerySet

from wallet_project.compliance.models import Finding, FindingState, ScanReport
from wallet_project.compliance.rules.scans import Severity

# Age in days since the first sighting: up to here, and named so.
AGES = ((7, "一周内"), (30, "一月内"), (90, "三月内"), (None, "更久"))


def open_by_severity_and_age(*, now: datetime) -> dict[Severity, list[int]]:
    """A count for each of AGES, gravest severity first; one query."""
    counts: Counter[tuple[str, int]] = Counter()
    for severity, since in Finding.objects.filter(state=FindingState.OPEN).values_list(
        "severity", "first_seen_at"
    ):
        counts[severity, _age_band(now - since)] += 1
    return {severity: [counts[severity, band] for band in range(len(AGES))] for severity in Severity}


def latest_reports() -> QuerySet[ScanReport]:
    """The last one of every source."""
    return ScanReport.objects.order_by("source", "-imported_at").distinct("source")


def _age_band(age: timedelta) -> int:
    for band, (days, _name) in enumerate(AGES):
        if days is None or age <= timedelta(days=days):
            return band
    return len(AGES) - 1
