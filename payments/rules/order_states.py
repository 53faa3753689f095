"""
Orders and payments move along these lines and no others.

    OPEN ⇄ PAYING → PAID                     an order
    OPEN | PAYING → CLOSED

    REQUESTED → WAITING → PAID               a payment: one attempt to pay one order or one top-up
    REQUESTED | WAITING → CLOSED | DISPUTED
    REQUESTED → FAILED
    REQUESTED → PAID                         balance alone, or WeChat told before our call returned
    DISPUTED → CLOSED                        after the money went back
    CLOSED → PAID                            it came late, and a rule or a person let it pay its order
"""

from enum import StrEnum


class OrderState(StrEnum):
    OPEN = "OPEN"
    PAYING = "PAYING"
    PAID = "PAID"
    CLOSED = "CLOSED"


ORDER_MOVES = {
    OrderState.OPEN: {OrderState.PAYING, OrderState.CLOSED},
    OrderState.PAYING: {OrderState.OPEN, OrderState.PAID, OrderState.CLOSED},
}


class PaymentState(StrEnum):
    REQUESTED = "REQUESTED"
    """Reserved here; WeChat has not been asked, or has not answered: unsure."""
    WAITING = "WAITING"
    """WeChat holds the order; the customer may pay it."""
    PAID = "PAID"
    CLOSED = "CLOSED"
    FAILED = "FAILED"
    """WeChat refused the order; nothing can be paid."""
    DISPUTED = "DISPUTED"
    """WeChat has money for it that does not match; a person decides."""


LIVE = (PaymentState.REQUESTED, PaymentState.WAITING)

PAYMENT_MOVES = {
    PaymentState.REQUESTED: {
        PaymentState.WAITING,
        PaymentState.PAID,
        PaymentState.CLOSED,
        PaymentState.FAILED,
        PaymentState.DISPUTED,
    },
    PaymentState.WAITING: {PaymentState.PAID, PaymentState.CLOSED, PaymentState.DISPUTED},
    PaymentState.DISPUTED: {PaymentState.CLOSED},
    PaymentState.CLOSED: {PaymentState.PAID},
}
