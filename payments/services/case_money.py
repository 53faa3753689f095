"""The money of an exception: back to whoever paid it, or into the order it was paid for."""

from typing import Any

from django.db import transaction

from coupons.selectors.redemptions import may_be_taken_again
from payments.errors import CaseNeedsApproval, CaseNotHonourable, CaseNotRefundable
from payments.models import ExceptionCase, Payment, Refund
from payments.rules.cases import HONOURABLE, CaseKind
from payments.rules.order_states import ORDER_MOVES, OrderState, PaymentState
from payments.selectors.case_rules import case_rule
from payments.services.case_work import lock_case, resolve_case
from payments.services.completion import complete_payment
from payments.services.locks import lock_payment
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.jobs import after_commit
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


@retry_conflicts
def refund_case(*, case_id: int, reason: str, staff_id: int) -> Refund:
    """
    An operator alone sends the money of a case back to its payer.

    :raises Paused: refunds stand still
    :raises CaseNotRefundable: no money came with it, or it is already on its way
    :raises CaseNeedsApproval: it is more than one person may decide, by the rule of its kind
    """
    require_going(Flow.REFUND)
    with transaction.atomic(durable=True):
        case = lock_case(case_id)
        _require_alone(case)
        return start_case_refund(case, reason=reason, staff_id=staff_id)


def refund_approved_case(*, case_id: int, reason: str, maker_id: int) -> Refund:
    """
    Two people send the money of a case back to its payer, in the transaction that approves it.

    :raises Paused: refunds stand still
    :raises CaseNotRefundable: no money came with it, or it is already on its way
    """
    require_going(Flow.REFUND)
    return start_case_refund(lock_case(case_id), reason=reason, staff_id=maker_id)


def propose_refund(*, case_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to send the money of a case back.

    :raises CaseNotRefundable: no money came with it, or it is already on its way
    :raises AlreadyProposed: somebody has asked already
    """
    with transaction.atomic(durable=True):
        case = lock_case(case_id)
        _require_refundable(case)
        _propose("payments.case_refund", case, reason=reason, maker_id=maker_id)


@retry_conflicts
def honour_case(*, case_id: int, reason: str, staff_id: int) -> None:
    """
    An operator alone lets a late payment pay its order after all.

    :raises CaseNotHonourable: something differs, or nobody waits for this payment any more
    :raises CaseNeedsApproval: it is more than one person may decide, by the rule of its kind
    """
    with transaction.atomic(durable=True):
        case = lock_case(case_id)
        _require_alone(case)
        honour(case, _require_wanted(case), reason=reason, staff_id=staff_id)


def honour_approved_case(*, case_id: int, reason: str, maker_id: int) -> None:
    """
    Two people let a late payment pay its order, in the transaction that approves it.

    :raises CaseNotHonourable: something differs, or nobody waits for this payment any more
    """
    case = lock_case(case_id)
    honour(case, _require_wanted(case), reason=reason, staff_id=maker_id)


def propose_honour(*, case_id: int, reason: str, maker_id: int) -> None:
    """
    Ask a second person to let a late payment pay its order.

    :raises CaseNotHonourable: something differs, or nobody waits for this payment any more
    :raises AlreadyProposed: somebody has asked already
    """
    with transaction.atomic(durable=True):
        case = lock_case(case_id)
        _require_wanted(case)
        _propose("payments.case_honour", case, reason=reason, maker_id=maker_id)


def start_case_refund(case: ExceptionCase, *, reason: str, staff_id: int | None) -> Refund:
    """
    Reserve a refund number for a locked case and queue the request to WeChat. No staff: its rule says so.

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
    case.state, case.decided_by = ExceptionCase.State.REFUNDING, staff_id
    case.save(update_fields=["state", "decided_by", "updated_at"])
    record_audit(
        action="payments.case.refund",
        subject=f"case:{case.pk}",
        facts={"refund": refund.number, "reason": reason},
    )
    after_commit("payments.push_refund", number=refund.number)
    return refund


def honour(case: ExceptionCase, payment: Payment, *, reason: str, staff_id: int | None) -> None:
    """
    The money of a locked case leaves suspense and pays the order of the payment that `payment_still_wanted`
    found. No staff: its rule says so.
    """
    require_transaction()
    order = payment.order
    assert order is not None  # noqa: S101 - what is wanted pays an order
    if order.payer_id is None:  # they had claimed it, and let it go when the payment was closed
        order.payer_id, order.is_claimed = payment.payer_id, True
        order.save(update_fields=["payer", "is_claimed", "updated_at"])
    require_move(ORDER_MOVES, order.state, OrderState.PAYING)
    order.state = OrderState.PAYING
    payment.transaction_id = case.transaction_id
    complete_payment(payment, key=f"case:{case.pk}", via="case", channel_at="suspense")
    record_audit(
        action="payments.case.honoured",
        subject=f"case:{case.pk}",
        facts={"order": order.number, "reason": reason},
    )
    case.decided_by = staff_id
    resolve_case(case, resolution=f"已入账，订单 {order.number} 已支付")


def payment_still_wanted(case: ExceptionCase) -> Payment | None:
    """
    The locked payment that a case may still pay: all of it as asked, only too late, for an order that is open
    and of which nothing was to come from the balance. Coupons and points that it was to be paid with besides
    must all be there again, unused. A top-up that was given up is never taken up again.
    """
    late = case.is_open and case.journal_id and case.kind in HONOURABLE
    if not late or case.payment is None or case.payment.order_id is None:
        return None
    payment = lock_payment(case.payment)
    order = payment.order
    wanted = (
        order is not None
        and order.state == OrderState.OPEN
        and payment.state == PaymentState.CLOSED
        and case.amount == payment.from_channel == order.amount - payment.discount
        and order.payer_id in (None, payment.payer_id)
        and payment.openid != ""  # else its payer has left
        and (not payment.uses_discounts or may_be_taken_again(payment.number, at=clock.now()))
    )
    return payment if wanted else None


def _require_wanted(case: ExceptionCase) -> Payment:
    payment = payment_still_wanted(case)
    if payment is None:
        raise CaseNotHonourable(state=case.state)
    return payment


def _require_alone(case: ExceptionCase) -> None:
    limit = case_rule(CaseKind(case.kind), at=clock.now()).alone_up_to
    if limit is not None and case.amount > limit:
        raise CaseNeedsApproval(limit=limit)


def _require_refundable(case: ExceptionCase) -> None:
    if not case.is_open or not case.journal_id:
        raise CaseNotRefundable(state=case.state)


def _propose(kind: str, case: ExceptionCase, *, reason: str, maker_id: int) -> None:
    facts: dict[str, Any] = {
        "case_id": case.pk,
        "case": str(case),
        "amount": case.amount,
        "reason": reason,
        "user_id": case.payment.payer_id if case.payment else None,
    }
    propose(kind=kind, subject=f"case:{case.pk}", facts=facts, reason=reason, maker_id=maker_id)
