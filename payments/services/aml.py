"""Find what must be reported, every night; write down what became of it."""

from datetime import date

from django.db import transaction

from accounts.models import User
from payments.models import AmlFinding
from payments.rules.aml import AML_MOVES, AmlState, kind_of, reasons_of
from payments.selectors.aml import days_worth_a_look
from wallet_project.approvals.errors import OwnProposal
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.states import require_move


def find_large_and_suspicious(day: date) -> int:
    """What there is to look at of a day; returns how many are new. Harmless twice."""
    now = clock.now()
    findings = [
        AmlFinding(
            user_id=user_id,
            day=day,
            kind=kind_of(reason),
            reason=reason,
            came=moved.came,
            went=moved.went,
            payers=moved.payers,
            found_at=now,
        )
        for user_id, moved in days_worth_a_look(day)
        for reason in reasons_of(moved)
    ]
    before = AmlFinding.objects.filter(day=day).count()
    AmlFinding.objects.bulk_create(findings, ignore_conflicts=True)
    return AmlFinding.objects.filter(day=day).count() - before


def decide_finding(*, finding_id: int, state: AmlState, note: str, staff_id: int) -> None:
    """
    It was reported, or there is nothing in it, and why.

    :raises StateConflict: somebody has decided it
    :raises OwnProposal: it is about the person who decides
    """
    with transaction.atomic(durable=True):
        finding = AmlFinding.objects.select_for_update(no_key=True).get(pk=finding_id)
        if finding.user_id in User.objects.get(pk=staff_id).own_user_ids:
            raise OwnProposal
        require_move(AML_MOVES, finding.state, state)
        finding.state, finding.note = state, note
        finding.decided_at, finding.decided_by = clock.now(), staff_id
        finding.save()
        record_audit(
            action="payments.aml.decided", subject=f"aml:{finding_id}", facts={"state": state, "remark": note}
        )


def note_export(*, finding_ids: list[int]) -> None:
    """Whoever takes findings along leaves a trace: which."""
    facts = {"count": len(finding_ids), "findings": finding_ids}
    record_audit(action="payments.aml.exported", subject="aml:export", facts=facts)
