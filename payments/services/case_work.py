"""Who answers for an exception, what was found out, and how it ends."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from payments.errors import CaseEnded, CaseHoldsMoney
from payments.models import ExceptionCase
from payments.rules.cases import CaseKind
from payments.selectors.case_rules import case_rule
from payments.services.locks import lock_payment
from payments.services.release import end_dispute
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts


@retry_conflicts
def assign_case(*, case_id: int, assignee_id: int) -> None:
    """
    Somebody on the staff answers for it from now on.

    :raises CaseEnded: there is nothing to answer for any more
    """
    with transaction.atomic(durable=True):
        case = _lock_unresolved(case_id)
        case.assignee_id = assignee_id
        case.save(update_fields=["assignee_id", "updated_at"])
        _record("assigned", case, assignee=assignee_id)


@retry_conflicts
def note_on_case(*, case_id: int, text: str) -> None:
    """
    Write down what was found out.

    :raises CaseEnded: there is nothing to find out any more
    """
    with transaction.atomic(durable=True):
        _record("noted", _lock_unresolved(case_id), reason=text)


def note_case_seen(*, case_id: int, at: datetime) -> None:
    """Somebody of those who work on it looks at it for the first time."""
    with transaction.atomic(durable=True):
        if ExceptionCase.objects.filter(pk=case_id, seen_at=None).update(seen_at=at):
            record_audit(action="payments.case.seen", subject=f"case:{case_id}", facts={})


@retry_conflicts
def resolve_by_hand(*, case_id: int, resolution: str, staff_id: int) -> None:
    """
    An operator has looked at a case without money, and says how it ended. A payment it disputed ends, too.

    :raises CaseHoldsMoney: its money must go back first, or somebody has ended it already
    """
    with transaction.atomic(durable=True):
        case = lock_case(case_id)
        if not case.is_open or case.journal_id:
            raise CaseHoldsMoney(state=case.state)
        case.decided_by = staff_id
        resolve_case(case, resolution=resolution)
        if case.payment is not None:
            end_dispute(lock_payment(case.payment))


def resolve_case(case: ExceptionCase, *, resolution: str) -> None:
    """Write down how a case ended. Nobody else moves one whose refund is under way: the refund is locked."""
    case.state = ExceptionCase.State.RESOLVED
    case.resolution = resolution[:200]
    case.resolved_at = clock.now()
    case.save(update_fields=["state", "resolution", "resolved_at", "decided_by", "updated_at"])
    _record("resolved", case, reason=resolution)


def resolve_cases_of(kind: CaseKind, *, transaction_id: str, resolution: str) -> None:
    """What a case of this kind waited for has come."""
    require_transaction()
    about = ExceptionCase.objects.filter(kind=kind, transaction_id=transaction_id)
    for case in about.exclude(state=ExceptionCase.State.RESOLVED).select_for_update(no_key=True):
        resolve_case(case, resolution=resolution)


def reopen_case(case: ExceptionCase, *, reason: str) -> None:
    """What should have ended it did not happen, or it happened again: its clock begins anew."""
    require_transaction()
    case.state = ExceptionCase.State.OPEN
    case.resolution, case.resolved_at, case.decided_by, case.overdue_at = "", None, None, None
    for name, value in clock_of(CaseKind(case.kind), at=clock.now()).items():
        setattr(case, name, value)
    case.save()
    _record("reopened", case, reason=reason)


def clock_of(kind: CaseKind, *, at: datetime) -> dict[str, Any]:
    """What a case of this kind has whose time begins now."""
    rule = case_rule(kind, at=at)
    due_at = at + timedelta(hours=rule.due_hours)
    return {"rule": rule, "due_at": due_at, "warn_at": due_at - timedelta(hours=rule.warn_hours)}


def lock_case(case_id: int) -> ExceptionCase:
    require_transaction()
    return ExceptionCase.objects.select_for_update(no_key=True).get(pk=case_id)


def _lock_unresolved(case_id: int) -> ExceptionCase:
    case = lock_case(case_id)
    if case.state == ExceptionCase.State.RESOLVED:
        raise CaseEnded
    return case


def _record(what: str, case: ExceptionCase, **facts: object) -> None:
    record_audit(
        action=f"payments.case.{what}", subject=f"case:{case.pk}", facts={"kind": case.kind, **facts}
    )
