"""Open what comes round again; hand in; sign, or send back."""

from datetime import date, timedelta

from django.db import transaction

from wallet_project.audit.services import record_audit
from wallet_project.compliance.errors import ChecklistUnfinished, SignedByTheSame
from wallet_project.compliance.models import Checklist, ChecklistRun, Result, RunItem, RunState
from wallet_project.compliance.rules.dates import add_months
from wallet_project.kit import clock
from wallet_project.kit.db import lock_rows
from wallet_project.kit.states import require_move

MOVES = {
    RunState.OPEN: {RunState.SUBMITTED},
    RunState.SUBMITTED: {RunState.SIGNED, RunState.OPEN},
    RunState.SIGNED: set(),
}


def open_due_runs(*, today: date) -> int:
    """Begin every active checklist whose day has come; returns how many. Harmless when repeated."""
    opened = 0
    due = Checklist.objects.filter(is_active=True, next_on__lte=today).values_list("pk", flat=True)
    for checklist_id in due:
        with transaction.atomic():
            checklist = lock_rows(Checklist, ids=[checklist_id])[checklist_id]
            if checklist.next_on <= today:
                _open_run(checklist, today=today)
                opened += 1
    return opened


def submit_run(*, run_id: int, by_id: int) -> None:
    """
    The owner says: this is all.

    :raises ChecklistUnfinished: an item has no result, or no evidence for it
    :raises StateConflict: it was handed in already
    """
    with transaction.atomic():
        run = _move(run_id, RunState.SUBMITTED)
        lacking = [
            item.position for item in run.items.all() if item.result == Result.PENDING or not item.evidence
        ]
        if lacking:
            raise ChecklistUnfinished(items=lacking)
        run.submitted_by_id, run.submitted_at, run.remark = by_id, clock.now(), ""
        _save(run, action="submitted", facts=_results(run))


def sign_run(*, run_id: int, by_id: int, remark: str) -> None:
    """
    A second pair of eyes.

    :raises SignedByTheSame: the signer owns the run or has submitted it
    :raises StateConflict: there is nothing to sign
    """
    with transaction.atomic():
        run = _move(run_id, RunState.SIGNED)
        if by_id in {run.owner_id, run.submitted_by_id}:
            raise SignedByTheSame
        run.signed_by_id, run.signed_at, run.remark = by_id, clock.now(), remark
        _save(run, action="signed", facts={"remark": remark})


def return_run(*, run_id: int, by_id: int, remark: str) -> None:
    """
    Send it back with a reason.

    :raises SignedByTheSame: only who could sign may send back
    :raises StateConflict: it is not waiting for a signature
    """
    with transaction.atomic():
        run = _move(run_id, RunState.OPEN)
        if by_id in {run.owner_id, run.submitted_by_id}:
            raise SignedByTheSame
        run.remark = remark
        _save(run, action="returned", facts={"remark": remark})


def _open_run(checklist: Checklist, *, today: date) -> None:
    run = ChecklistRun.objects.create(
        checklist=checklist,
        opened_on=today,
        due_on=today + timedelta(days=checklist.days_to_do),
        owner=checklist.owner,
    )
    RunItem.objects.bulk_create(
        RunItem(run=run, position=item.position, text=item.text, evidence_hint=item.evidence_hint)
        for item in checklist.items.all()
    )
    while checklist.next_on <= today:  # after a long pause once is enough
        checklist.next_on = add_months(checklist.next_on, checklist.cycle_months)
    checklist.save()
    record_audit(
        action="compliance.checklist.opened",
        subject=f"checklist:{run.pk}",
        facts={"title": checklist.title, "due_on": run.due_on.isoformat()},
    )


def _move(run_id: int, wanted: RunState) -> ChecklistRun:
    run = lock_rows(ChecklistRun, ids=[run_id])[run_id]
    require_move(MOVES, run.state, wanted)
    run.state = wanted
    return run


def _save(run: ChecklistRun, *, action: str, facts: dict[str, object]) -> None:
    run.save()
    record_audit(action=f"compliance.checklist.{action}", subject=f"checklist:{run.pk}", facts=facts)


def _results(run: ChecklistRun) -> dict[str, object]:
    failed = [item.position for item in run.items.all() if item.result == Result.FAILED]
    return {"items": run.items.count(), "failed": failed}
