"""The front page's facts, each asked once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from wallet_project.compliance.models import (
    ChecklistRun,
    Licence,
    Result,
    RetentionRun,
    RiskAssessment,
    RunItem,
    RunState,
    ScanReport,
)
from wallet_project.compliance.rules.deadlines import Deadline, DeadlineKind
from wallet_project.compliance.rules.licences import LicenceState
from wallet_project.compliance.rules.risks import RiskLevel
from wallet_project.compliance.rules.scans import Severity
from wallet_project.compliance.selectors.deadlines import deadlines
from wallet_project.compliance.selectors.findings import latest_reports, open_by_severity_and_age
from wallet_project.compliance.selectors.outdated import PASSING
from wallet_project.compliance.selectors.retention import rules_with_last_run
from wallet_project.kit import clock

SOON = 30
_UNMET_FOR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Desk:
    deadlines: list[Deadline]
    late: int
    soon: int
    untrained: int
    colleagues: int
    licences: dict[LicenceState, int]
    risks: dict[RiskLevel, int]
    runs_open: int
    unmet: list[RunItem]
    findings: dict[Severity, list[int]]
    reports: list[ScanReport]
    retention: list[Any]  # RetentionRule with its last run
    retention_failed: int


def desk(*, now: datetime) -> Desk:
    today = clock.business_day(now)
    due = deadlines(today=today)
    late = [deadline for deadline in due if deadline.days_left(today) < 0]
    soon = [deadline for deadline in due if 0 <= deadline.days_left(today) <= SOON]
    untrained = {deadline.owner_id for deadline in late if deadline.kind == DeadlineKind.TRAINING}
    states = [licence.state(today) for licence in Licence.objects.filter(is_needed=True)]
    levels = [risk.level for risk in RiskAssessment.objects.filter(is_open=True)]
    unmet = RunItem.objects.filter(
        result=Result.FAILED, run__opened_on__gte=today - _UNMET_FOR
    ).select_related("run__checklist")
    rules: list[Any] = list(rules_with_last_run().filter(kind__in=PASSING, enabled=True).order_by("kind"))
    failed = [rule for rule in rules if rule.last_run_state == RetentionRun.State.FAILED]
    return Desk(
        deadlines=due,
        late=len(late),
        soon=len(soon),
        untrained=len(untrained),
        colleagues=get_user_model()._default_manager.filter(is_staff=True, is_active=True).count(),
        licences={state: states.count(state) for state in LicenceState},
        risks={level: levels.count(level) for level in RiskLevel},
        runs_open=ChecklistRun.objects.exclude(state=RunState.SIGNED).count(),
        unmet=list(unmet.order_by("-run__opened_on", "position")),
        findings=open_by_severity_and_age(now=now),
        reports=list(latest_reports()),
        retention=rules,
        retention_failed=len(failed),
    )
