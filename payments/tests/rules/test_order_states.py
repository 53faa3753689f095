"""The lines along which orders, payments and refunds move."""

import pytest

from payments.rules.backoff import next_payment_query, next_refund_query
from payments.rules.order_states import ORDER_MOVES, PAYMENT_MOVES, OrderState, PaymentState
from payments.rules.refund_states import REFUND_MOVES, RefundState
from wallet_project.kit import clock
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.states import require_move


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        (ORDER_MOVES, OrderState.PAID),
        (ORDER_MOVES, OrderState.CLOSED),
        (PAYMENT_MOVES, PaymentState.PAID),
        (PAYMENT_MOVES, PaymentState.FAILED),
        (REFUND_MOVES, RefundState.SUCCESS),
        (REFUND_MOVES, RefundState.CLOSED),
    ],
)
def test_an_end_is_an_end(moves, state):
    for wanted in type(state):
        with pytest.raises(StateConflict):
            require_move(moves, state, wanted)


def test_a_closed_payment_may_only_be_paid_after_all():
    assert PAYMENT_MOVES[PaymentState.CLOSED] == {PaymentState.PAID}


def test_only_an_order_that_is_being_paid_becomes_paid():
    require_move(ORDER_MOVES, OrderState.PAYING, OrderState.PAID)

    with pytest.raises(StateConflict):
        require_move(ORDER_MOVES, OrderState.OPEN, OrderState.PAID)


@pytest.mark.parametrize("when", [next_payment_query, next_refund_query])
def test_questions_to_wechat_become_rarer_and_never_stop(when):
    now = clock.now()

    waits = [(when(at=now, asked=asked) - now).total_seconds() for asked in range(40)]

    assert all(wait > 0 for wait in waits)
    assert waits[-1] == max(waits) == waits[20]
