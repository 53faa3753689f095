"""A payment ends without money: give back what it had reserved."""

from coupons.services.redemption import release_discounts
from payments.models import ExceptionCase, Order, Payment
from payments.rules.order_states import PAYMENT_MOVES, OrderState, PaymentState
from wallet.rules.kinds import MoveKind
from wallet.services.holds import void_hold
from wallet.services.limits import give_back_limit
from wallet.services.top_ups import give_up_top_up
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import made_at
from wallet_project.kit.states import require_move


def release_payment(payment: Payment, *, state: PaymentState, reason: str) -> None:
    """
    End a locked payment (its order is locked, too) as CLOSED or FAILED.

    The hold is voided, and what it used of the limits, coupons and points given back; the order is open
    again, or the top-up is given up.
    """
    require_transaction()
    require_move(PAYMENT_MOVES, payment.state, state)
    payment.state = state
    payment.next_query_at = None
    payment.save(update_fields=["state", "next_query_at", "last_error", "updated_at"])
    kind, counted = (
        (MoveKind.TOP_UP, payment.from_channel) if payment.top_up_id else (MoveKind.PAY, payment.from_balance)
    )
    if counted:
        # The number was made for the moment at which the limits were counted.
        give_back_limit(user_id=payment.payer_id, kind=kind, amount=Fen(counted), at=made_at(payment.number))
    if payment.uses_discounts:
        release_discounts(reference=payment.number)
    if payment.hold_id:
        void_hold(hold_id=payment.hold_id)
    if payment.order_id:
        paying = Order.objects.filter(pk=payment.order_id, state=OrderState.PAYING)
        paying.filter(is_claimed=True).update(payer=None, is_claimed=False)
        paying.update(state=OrderState.OPEN, updated_at=clock.now())
    if payment.top_up is not None:
        give_up_top_up(number=payment.top_up.number, reason=reason)


def end_dispute(payment: Payment) -> None:
    """A disputed, locked payment is over when its last case is: not already with that of a second payment."""
    waiting = payment.cases.exclude(state=ExceptionCase.State.RESOLVED)
    if payment.state == PaymentState.DISPUTED and not waiting.exists():
        release_payment(payment, state=PaymentState.CLOSED, reason="异常付款已处理")
