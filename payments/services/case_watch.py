"""Every few minutes: what has no outcome becomes a case, and what nobody ends in time is told of, once."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from payments.events import CaseDueSoon, CaseOverdue
from payments.models import ExceptionCase, MerchantTransfer, Payment, Refund
from payments.rules.cases import CaseKind
from payments.rules.refund_states import RefundState
from payments.rules.transfers import UNDECIDED, TransferState
from payments.selectors.case_rules import case_rule
from payments.services.cases import open_case
from payments.services.refunds import payment_of
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.kit.money import ZERO

logger = logging.getLogger(__name__)


def watch_cases(*, at: datetime, limit: int) -> None:
    """
    Open cases for refunds and transfers that have waited for WeChat longer than their rules say; the outcome
    ends such a case by itself. Warn of what is due soon and raise the alarm for what is late. Repeating it
    does no harm.
    """
    _open_for_refunds(at=at, limit=limit)
    _open_for_transfers(at=at, limit=limit)
    _tell_of_late(at=at, limit=limit)
    _tell_of_due(at=at, limit=limit)


@transaction.atomic(durable=True)
def _open_for_refunds(*, at: datetime, limit: int) -> None:
    """What is ABNORMAL has a case of its own. The refund is locked, so no outcome overtakes this."""
    kind = CaseKind.REFUND_UNDECIDED
    waiting = Refund.objects.filter(
        ~_has_case(kind),
        state__in=(RefundState.REQUESTED, RefundState.PROCESSING),
        created_at__lte=at - _patience(kind, at=at),
    )
    locked = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
    for refund in locked.order_by("pk")[:limit]:
        _open_for(refund, kind, named="refund", payment=payment_of(refund))


@transaction.atomic(durable=True)
def _open_for_transfers(*, at: datetime, limit: int) -> None:
    """One that waits for its customer is nobody's fault, and ends by itself."""
    kind = CaseKind.TRANSFER_UNDECIDED
    waiting = MerchantTransfer.objects.filter(
        ~_has_case(kind), state__in=UNDECIDED, created_at__lte=at - _patience(kind, at=at)
    ).exclude(state=TransferState.WAIT_USER_CONFIRM)
    locked = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))
    for transfer in locked.order_by("pk")[:limit]:
        _open_for(transfer, kind, named="transfer")


def _open_for(
    waiting: Refund | MerchantTransfer, kind: CaseKind, *, named: str, payment: Payment | None = None
) -> None:
    open_case(
        kind=kind,
        number=waiting.number,
        transaction_id=waiting.number,
        amount=ZERO,
        payment=payment,
        evidence={
            named: waiting.number,
            "amount": waiting.amount,
            "state": waiting.state,
            "queries": waiting.queries,
            "said": waiting.last_error,
            "since": clock.iso(waiting.created_at),
        },
    )


@transaction.atomic(durable=True)
def _tell_of_late(*, at: datetime, limit: int) -> None:
    late = ExceptionCase.objects.filter(state=ExceptionCase.State.OPEN, due_at__lte=at, overdue_at=None)
    for case in late.select_for_update(skip_locked=True, no_key=True).order_by("due_at")[:limit]:
        case.overdue_at, case.warn_at = at, None
        case.save(update_fields=["overdue_at", "warn_at", "updated_at"])
        publish(CaseOverdue(**_told(case)))
        logger.error("payments.case.overdue", extra={"case_id": case.pk, "kind": case.kind})


@transaction.atomic(durable=True)
def _tell_of_due(*, at: datetime, limit: int) -> None:
    due = ExceptionCase.objects.filter(state=ExceptionCase.State.OPEN, warn_at__lte=at)
    for case in due.select_for_update(skip_locked=True, no_key=True).order_by("due_at")[:limit]:
        case.warn_at = None
        case.save(update_fields=["warn_at", "updated_at"])
        publish(CaseDueSoon(**_told(case)))


def _patience(kind: CaseKind, *, at: datetime) -> timedelta:
    hours = case_rule(kind, at=at).opens_after_hours
    assert hours is not None  # noqa: S101 - the table says so of the kinds that are watched
    return timedelta(hours=hours)


def _has_case(kind: CaseKind) -> Exists:
    return Exists(ExceptionCase.objects.filter(kind=kind, transaction_id=OuterRef("number")))


def _told(case: ExceptionCase) -> dict[str, Any]:
    return {
        "case_id": case.pk,
        "kind": case.kind,
        "amount": case.amount,
        "assignee_id": case.assignee_id,
        "due_at": clock.iso(case.due_at),
    }
