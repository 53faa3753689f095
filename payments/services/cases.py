"""What came from WeChat and does not fit: keep it, book its money to suspense, send it back by rule."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction

from payments.errors import CaseHoldsMoney, CaseNotRefundable, RefundNeedsApproval
from payments.events import CaseOpened
from payments.models import CallbackReceipt, ExceptionCase, Payment, Refund
from payments.rules.matching import REFUNDED_AUTOMATICALLY, CaseKind
from payments.services.locks import lock_payment
from payments.services.release import end_dispute
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import suspense_in_legs
from wallet.services.ledger import post_journal
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

logger = logging.getLogger(__name__)


def open_case(
    *,
    kind: CaseKind,
    number: str,
    transaction_id: str,
    amount: Fen,
    evidence: dict[str, Any],
    payment: Payment | None = None,
    receipt: CallbackReceipt | None = None,
) -> ExceptionCase:
    """
    Keep one exception. `amount` is the fen WeChat holds for us because of it: it is booked to suspense.

    The same kind for the same transaction is one case, however often it is reported. So is money: what was
    kept as a late payment is not kept again as a double one when its order has been paid since.
    """
    require_transaction()
    if amount and (kept := _case_with_money_of(transaction_id)):
        return kept
    case, created = ExceptionCase.objects.get_or_create(
        kind=kind,
        transaction_id=transaction_id,
        **({} if transaction_id else {"receipt": receipt}),
        defaults={
            "number": number,
            "amount": amount,
            "payment": payment,
            "receipt": receipt,
            "evidence": evidence,
        },
    )
    if not created:
        return case
    if receipt is not None:
        receipt.state = CallbackReceipt.State.CASE  # saved by whoever acts on it
    if amount:
        posted = post_journal(
            kind=JournalKind.SUSPENSE_IN,
            key=f"wx:pay:{transaction_id}",
            legs=suspense_in_legs(amount=amount),
            reference=number,
            facts={"case": kind, "transaction_id": transaction_id},
        )
        case.journal_id = posted.journal_id
        case.save(update_fields=["journal_id", "updated_at"])
    record_audit(
        action="payments.case.opened", subject=f"case:{case.pk}", facts={"kind": kind, "amount": amount}
    )
    publish(CaseOpened(case_id=case.pk, kind=kind, amount=amount))
    logger.error("payments.case.opened", extra={"case_id": case.pk, "kind": kind, "number": number})
    if kind in REFUNDED_AUTOMATICALLY and amount:
        start_case_refund(case, reason="系统自动退款：" + case.get_kind_display())
    return case


def _case_with_money_of(transaction_id: str) -> ExceptionCase | None:
    return ExceptionCase.objects.filter(transaction_id=transaction_id, journal_id__isnull=False).first()


def refund_case(*, case_id: int, reason: str) -> Refund:
    """
    An operator alone sends the money of a case back to its payer.

    :raises Paused: refunds stand still
    :raises CaseNotRefundable: no money came with it, or it is already on its way
    :raises RefundNeedsApproval: it is more than one person may send
    """
    require_going(Flow.REFUND)
    with transaction.atomic(durable=True):
        case = _lock(case_id)
        if case.amount > settings.CASE_REFUND_ALONE_MAX:
            raise RefundNeedsApproval(limit=settings.CASE_REFUND_ALONE_MAX)
        return start_case_refund(case, reason=reason)


def refund_approved_case(*, case_id: int, reason: str) -> Refund:
    """
    Two people send the money of a case back to its payer, in the transaction that approves it.

    :raises Paused: refunds stand still
    :raises CaseNotRefundable: no money came with it, or it is already on its way
    """
    require_going(Flow.REFUND)
    return start_case_refund(_lock(case_id), reason=reason)


def propose_refund(*, case_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to send the money of a case back.

    :raises CaseNotRefundable: no money came with it, or it is already on its way
    :raises AlreadyProposed: somebody has asked already
    """
    with transaction.atomic(durable=True):
        case = _lock(case_id)
        _require_refundable(case)
        propose(
            kind="payments.case_refund",
            subject=f"case:{case.pk}",
            facts={
                "case_id": case.pk,
                "case": str(case),
                "amount": case.amount,
                "reason": reason,
                "user_id": case.payment.payer_id if case.payment else None,
            },
            reason=reason,
            maker_id=maker_id,
        )


def start_case_refund(case: ExceptionCase, *, reason: str) -> Refund:
    """
    Reserve a refund number for a locked case and queue the request to WeChat.

    :raises CaseNotRefundable: no money came with it, or it is already on its way
    """
    require_transaction()
    _require_refundable(case)
    now = clock.now()
    refund = Refund.objects.create(
        number=new_serial("F", now),
        case=case,
        transaction_id=case.transaction_id,
        amount=case.amount,
        total=case.amount,
        reason=reason[:80],
        next_query_at=now,
    )
    case.state = ExceptionCase.State.REFUNDING
    case.save(update_fields=["state", "updated_at"])
    record_audit(
        action="payments.case.refund",
        subject=f"case:{case.pk}",
        facts={"refund": refund.number, "reason": reason},
    )
    after_commit("payments.push_refund", number=refund.number)
    return refund


def resolve_by_hand(*, case_id: int, resolution: str) -> None:
    """
    An operator has looked at a case without money, and says how it ended. A payment it disputed ends, too.

    :raises CaseHoldsMoney: its money must go back first, or somebody has ended it already
    """
    with transaction.atomic(durable=True):
        case = _lock(case_id)
        if case.state != ExceptionCase.State.OPEN or case.journal_id:
            raise CaseHoldsMoney(state=case.state)
        resolve_case(case, resolution=resolution)
        record_audit(
            action="payments.case.resolved", subject=f"case:{case.pk}", facts={"resolution": resolution}
        )
        if case.payment is not None:
            end_dispute(lock_payment(case.payment))


def resolve_case(case: ExceptionCase, *, resolution: str) -> None:
    """Write down how a case ended. Nobody else moves one whose refund is under way: the refund is locked."""
    case.state = ExceptionCase.State.RESOLVED
    case.resolution = resolution
    case.resolved_at = clock.now()
    case.save(update_fields=["state", "resolution", "resolved_at", "updated_at"])


def _lock(case_id: int) -> ExceptionCase:
    return ExceptionCase.objects.select_for_update(no_key=True).get(pk=case_id)


def _require_refundable(case: ExceptionCase) -> None:
    if case.state != ExceptionCase.State.OPEN or not case.journal_id:
        raise CaseNotRefundable(state=case.state)
