"""Everything with a day on it, soonest first."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

from django.db.models import Q

from wallet_project.compliance.models import (
    ChecklistRun,
    Finding,
    FindingState,
    Licence,
    RiskAssessment,
    RunState,
)
from wallet_project.compliance.rules.deadlines import HORIZON, Deadline, DeadlineKind
from wallet_project.compliance.selectors.trainings import trainings_due


def deadlines(*, today: date) -> list[Deadline]:
    """Late, or due within the widest reminder; in one query a kind, and three for trainings."""
    until = today + timedelta(days=HORIZON)
    found = [*_licences(until), *_checklists(until), *_risks(until), *_findings(until)]
    found += trainings_due(today=today, until=until)
    return sorted(found, key=lambda deadline: (deadline.due_on, deadline.subject))


def _licences(until: date) -> Iterator[Deadline]:
    ending = Licence.objects.filter(is_needed=True, valid_until__lte=until)
    for licence in ending.select_related("owner"):
        yield Deadline(
            kind=DeadlineKind.LICENCE,
            subject=f"licence:{licence.pk}",
            title=f"{licence.name}到期",
            due_on=cast(date, licence.valid_until),
            owner_id=licence.owner_id,
            owner=str(licence.owner),
            table=Licence._meta.label,
            row=licence.pk,
        )


def _checklists(until: date) -> Iterator[Deadline]:
    open_ones = ChecklistRun.objects.exclude(state=RunState.SIGNED).filter(due_on__lte=until)
    for run in open_ones.select_related("checklist", "owner"):
        yield Deadline(
            kind=DeadlineKind.CHECKLIST,
            subject=f"checklist:{run.pk}",
            title=f"{run.checklist}（{run.get_state_display()}）",
            due_on=run.due_on,
            owner_id=run.owner_id,
            owner=str(run.owner or ""),
            table=ChecklistRun._meta.label,
            row=run.pk,
        )


def _risks(until: date) -> Iterator[Deadline]:
    """The measures while they are not done, else the next review: whichever comes first."""
    undone = Q(due_on__lte=until, measures_done_on=None)
    due = RiskAssessment.objects.filter(is_open=True).filter(undone | Q(review_on__lte=until))
    for risk in due.select_related("owner"):
        measures = risk.due_on if risk.measures_done_on is None else None
        yield Deadline(
            kind=DeadlineKind.RISK,
            subject=f"risk:{risk.pk}",
            title=f"{risk.title}：{'措施' if measures and measures <= risk.review_on else '复评'}",
            due_on=min(measures, risk.review_on) if measures else risk.review_on,
            owner_id=risk.owner_id,
            owner=str(risk.owner),
            table=RiskAssessment._meta.label,
            row=risk.pk,
        )


def _findings(until: date) -> Iterator[Deadline]:
    accepted = Finding.objects.filter(state=FindingState.ACCEPTED, accepted_until__lte=until)
    for finding in accepted.select_related("accepted_by"):
        yield Deadline(
            kind=DeadlineKind.FINDING,
            subject=f"finding:{finding.pk}",
            title=f"{finding}：接受到期",
            due_on=cast(date, finding.accepted_until),
            owner_id=finding.accepted_by_id,
            owner=str(finding.accepted_by),
            table=Finding._meta.label,
            row=finding.pk,
        )
