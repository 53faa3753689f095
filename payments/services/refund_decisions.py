"""What becomes of a refund that somebody asked for: let go, refused, taken back. Its order is the lock."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from payments.errors import RefundNotInReview
from payments.events import RefundAccepted, RefundRejected, RefundWithdrawn
from payments.models import Order, OrderRefund
from payments.rules.order_refunds import ORDER_REFUND_MOVES, OrderRefundState, RefundOrigin
from payments.selectors.order_refunds import customer_refund, order_refunds
from payments.services.locks import lock_order
from payments.services.refund_parts import give_back, refund_facts
from payments.services.refund_reserve import release
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.states import require_move
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going


def withdraw_refund(*, payer_id: int, order_no: str, number: str) -> OrderRefund:
    """
    The payer takes their request back while nobody has decided it.

    :raises RefundNotInReview: it is decided, or was not theirs to begin with
    """
    found = customer_refund(payer_id, order_no, number)
    with transaction.atomic(durable=True):
        refund = _lock(found)
        if refund.state == OrderRefundState.WITHDRAWN:
            return found
        if refund.state != OrderRefundState.REVIEW or refund.origin != RefundOrigin.CUSTOMER:
            raise RefundNotInReview(state=refund.state)
        give_up(refund, OrderRefundState.WITHDRAWN, answer="")
        publish(RefundWithdrawn(**refund_facts(refund)))
    return order_refunds().get(pk=refund.pk)


def approve_refund(*, number: str, reviewer_id: int, note: str) -> OrderRefund:
    """
    A member of staff has looked at it, and what they found: it is given back. Where it is more of this order
    than one person may let go, a second one is asked, and it stays in REVIEW.

    :raises Paused: refunds stand still
    :raises OwnProposal: nobody lets their own money out
    :raises RefundNotInReview: it is decided
    :raises AlreadyProposed: a second one has been asked already
    """
    require_going(Flow.REFUND)
    with transaction.atomic(durable=True):
        refund = _lock_for_review(number, reviewer_id=reviewer_id)
        if given_back(refund.order) > settings.STAFF_REFUND_ALONE_MAX:
            ask_a_second(refund, note=note, maker_id=reviewer_id)
        else:
            accept(refund, reviewer_id=reviewer_id, note=note)
    return refund


def accept_proposed_refund(*, number: str, checker_id: int) -> None:
    """
    Two people let it go, in the transaction that approves it.

    :raises Paused: refunds stand still
    :raises RefundNotInReview: it was decided meanwhile
    """
    require_going(Flow.REFUND)
    accept(_lock_for_review(number, reviewer_id=checker_id), reviewer_id=checker_id)


def reject_refund(*, number: str, reviewer_id: int, answer: str) -> None:
    """
    A member of staff says no, and why, in words that the payer reads.

    :raises RefundNotInReview: it is decided
    :raises OwnProposal: nobody decides about their own
    """
    with transaction.atomic(durable=True):
        refund = _lock_for_review(number, reviewer_id=reviewer_id)
        refund.reviewer_id = reviewer_id
        give_up(refund, OrderRefundState.REJECTED, answer=answer)
        publish(RefundRejected(**refund_facts(refund), answer=answer))


def accept(refund: OrderRefund, *, reviewer_id: int | None = None, note: str = "") -> None:
    """It goes back, by the decision of whoever may; its order is locked."""
    require_transaction()
    refund.accepted_at, refund.reviewer_id = clock.now(), reviewer_id
    record_audit(
        action="payments.order_refund.accepted",
        subject=f"order:{refund.order.number}",
        facts={"refund": refund.number, "amount": refund.amount, "reason": note},
    )
    publish(RefundAccepted(**refund_facts(refund)))
    give_back(refund)


def give_up(refund: OrderRefund, state: OrderRefundState, *, answer: str) -> None:
    """Nothing of a refund in review goes back; its order is locked."""
    require_move(ORDER_REFUND_MOVES, refund.state, state)
    release(refund)
    refund.state, refund.answer, refund.ended_at = state, answer, clock.now()
    refund.save()
    record_audit(
        action=f"payments.order_refund.{state.lower()}",
        subject=f"order:{refund.order.number}",
        facts={"refund": refund.number, "amount": refund.amount, "answer": answer},
    )


def ask_a_second(refund: OrderRefund, *, note: str, maker_id: int) -> None:
    """
    More than one person may let go.

    :raises OwnProposal: it is the maker's own
    :raises AlreadyProposed: somebody has asked already
    """
    propose(
        kind="payments.order_refund",
        subject=f"order_refund:{refund.number}",
        facts={
            "number": refund.number,
            "order_no": refund.order.number,
            "amount": refund.amount,
            "why": str(refund.get_reason_display()),
            "user_id": refund.order.payer_id,
        },
        reason=note,
        maker_id=maker_id,
    )


def given_back(order: Order) -> int:
    """All that went back of an order, or is to: who asks in pieces is looked at as for the whole."""
    return order.refunded + order.refunding


def _lock_for_review(number: str, *, reviewer_id: int) -> OrderRefund:
    refund = _lock(OrderRefund.objects.get(number=number))
    require_not_theirs(refund.order, staff_id=reviewer_id)
    if refund.state != OrderRefundState.REVIEW:
        raise RefundNotInReview(state=refund.state)
    return refund


def _lock(refund: OrderRefund) -> OrderRefund:
    """Its order first; nobody changes a refund without that lock."""
    order = lock_order(refund.order_id)
    locked = OrderRefund.objects.get(pk=refund.pk)
    locked.order = order
    return locked


def require_not_theirs(order: Order, *, staff_id: int) -> None:
    """
    :raises OwnProposal: nobody of the staff decides about their own order
    """
    if order.payer_id in User.objects.get(pk=staff_id).own_user_ids:
        raise OwnProposal
