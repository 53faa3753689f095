"""A customer takes a top-up back: what is left of it goes to WeChat, what is left of its gift comes to us."""

from datetime import datetime
from fractions import Fraction

from django.db import transaction

from accounts.rules.step_up import Operation, OperationKind
from accounts.services.step_up import Authorisation, authorise, spend_authorisation
from coupons.services.campaigns import undo
from payments.errors import TopUpRefundChanged
from payments.models import Payment, Refund
from payments.selectors.top_up_refunds import refund_offer
from payments.services.returns import new_return
from wallet.rules.top_up_refunds import RefundCause
from wallet.selectors.top_ups import top_up_for
from wallet.services.payouts import begin_top_up_refund
from wallet_project.approvals.services import propose
from wallet_project.kit import clock
from wallet_project.kit.db import lock_rows, require_transaction, retry_conflicts
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def refund_top_up(*, user_id: int, device_id: str, number: str, expected: Fen, grant: str) -> Refund:
    """
    Refund what is left of a customer's own top-up: `expected` fen, as they were shown.

    It is their own money on its way back to where it came from, so no limit stands in its way.

    :raises NotFound: no such top-up, or somebody else's
    :raises TopUpNotRefundable: nothing of it can go back
    :raises TopUpRefundChanged: it would be another amount now
    :raises StepUpRequired: the customer must first prove who they are; see `authorise` for its kin
    :raises InsufficientBalance: some of it is promised elsewhere
    :raises LotExhausted: some of it was spent in the same moment; nothing has moved
    :raises WalletFrozen: nothing leaves this wallet at the moment
    :raises Paused: refunds stand still, or withdrawals: it is own money that goes out
    """
    if earlier := earlier_effect():
        return Refund.objects.get(number=earlier)
    require_going(Flow.REFUND)
    require_going(Flow.WITHDRAW)
    top_up = top_up_for(user_id=user_id, number=number)
    offer = refund_offer(top_up_no=top_up.number, at=clock.now())
    if offer.plan.paid_back != expected:
        raise TopUpRefundChanged(expected=expected, amount=offer.plan.paid_back)
    operation = Operation(
        kind=OperationKind.WITHDRAW, amount=expected, facts={"top_up": number, "payee": "原路退回微信"}
    )
    leave = authorise(user_id=user_id, device_id=device_id, operation=operation, grant=grant)
    return _refund_for_customer(leave, number=number)


def propose_merchant_refund(*, number: str, reason: str, maker_id: int) -> None:
    """
    Ask a second person to refund a top-up because of something that was our fault.

    :raises TopUpNotRefundable: nothing of it can go back
    :raises AlreadyProposed: somebody has asked already
    """
    offer = refund_offer(top_up_no=number, at=clock.now(), cause=RefundCause.MERCHANT)
    propose(
        kind="payments.top_up_refund",
        subject=f"top_up:{number}",
        facts={
            "number": number,
            "amount": offer.plan.paid_back,
            "user_id": offer.payment.payer_id,
            "reason": reason,
        },
        reason=reason,
        maker_id=maker_id,
    )


def refund_for_merchants_fault(*, number: str, amount: Fen) -> Refund:
    """
    Refund what was approved, in the transaction that approves it.

    :raises TopUpNotRefundable: nothing of it can go back any more
    :raises TopUpRefundChanged: it would be another amount now
    """
    return _refund(number=number, expected=amount, cause=RefundCause.MERCHANT, now=clock.now())


@retry_conflicts
def _refund_for_customer(leave: Authorisation, *, number: str) -> Refund:
    with transaction.atomic(durable=True):
        refund = _refund(
            number=number, expected=leave.operation.amount, cause=None, now=clock.now(), leave=leave
        )
        keep_effect(refund.number)
    return refund


def _refund(
    *,
    number: str,
    expected: Fen,
    cause: RefundCause | None,
    now: datetime,
    leave: Authorisation | None = None,
) -> Refund:
    require_transaction()
    offer = refund_offer(top_up_no=number, at=now, cause=cause)
    payment = lock_rows(Payment, ids=[offer.payment.pk])[offer.payment.pk]
    offer = refund_offer(top_up_no=number, at=now, cause=cause)
    if offer.plan.paid_back != expected:
        raise TopUpRefundChanged(expected=expected, amount=offer.plan.paid_back)
    if leave is not None:
        spend_authorisation(leave)
    refund = new_return(payment, offer.plan.paid_back, now=now)
    undo(reference=number, kept=Fraction(offer.kept, offer.top_up.paid))
    begin_top_up_refund(wallet_id=offer.wallet_id, top_up_no=number, plan=offer.plan, number=refund.number)
    return refund
