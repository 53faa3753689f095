"""What came from outside and does not fit: keep it, book its money to suspense, do what its rule says."""

import logging
from typing import Any

from payments.events import CaseOpened
from payments.models import CallbackReceipt, ExceptionCase, Payment
from payments.rules.cases import CaseKind, Handling
from payments.services.case_money import honour, payment_still_wanted, start_case_refund
from payments.services.case_work import clock_of
from wallet.rules.kinds import JournalKind
from wallet.rules.postings import suspense_in_legs
from wallet.services.ledger import post_journal
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen

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
    Keep one exception. `amount` is the fen WeChat holds for us because of it: it is booked to suspense, and
    the rule of the kind says what becomes of it. A `payment` is locked.

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
            **clock_of(kind, at=clock.now()),
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
    if amount:
        _apply_rule(case)
    return case


def _apply_rule(case: ExceptionCase) -> None:
    assert case.rule is not None  # noqa: S101 - it has just been opened
    handling = case.rule.terms.handling_of(case.amount)
    record_audit(
        action="payments.case.ruled",
        subject=f"case:{case.pk}",
        facts={"rule": case.rule.pk, "reason": str(handling.label)},
    )
    if handling == Handling.HAND:
        return
    if handling == Handling.HONOUR and (payment := payment_still_wanted(case)):
        honour(case, payment, reason=f"规则 {case.rule.pk}", staff_id=None)
    else:
        start_case_refund(case, reason="系统自动退款：" + case.get_kind_display(), staff_id=None)


def _case_with_money_of(transaction_id: str) -> ExceptionCase | None:
    return ExceptionCase.objects.filter(transaction_id=transaction_id, journal_id__isnull=False).first()
