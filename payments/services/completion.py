"""A payment whose money is certain is booked, and what it pays for is done."""

import logging
from typing import Any

from coupons.services.redemption import redeem_discounts
from payments.events import OrderPaid
from payments.models import Order, Payment
from payments.rules.order_states import ORDER_MOVES, PAYMENT_MOVES, OrderState, PaymentState
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_locked_top_up
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction
from wallet_project.kit.events import publish
from wallet_project.kit.money import Fen
from wallet_project.kit.rows import insert, update
from wallet_project.kit.states import require_move

logger = logging.getLogger(__name__)


def complete_payment(payment: Payment, *, key: str, via: str, channel_at: str = "wechat_clearing") -> None:
    """
    Book a payment whose money is certain: a new one that asks nothing of WeChat, which is stored here, or one
    that lock_payment found and WeChat has confirmed. What WeChat collected is at the account `channel_at`: in
    clearing, or in suspense where it was a case first.
    """
    require_transaction()
    now = clock.now()
    require_move(PAYMENT_MOVES, payment.state, PaymentState.PAID)
    payment.state = PaymentState.PAID
    payment.settled_at = now
    payment.settled_via = via
    payment.next_query_at = None
    if payment._state.adding:
        insert(payment)
    else:
        update(payment, "state", "transaction_id", "settled_at", "settled_via", "next_query_at", "updated_at")
    if payment.top_up is not None:
        credit_locked_top_up(payment.top_up, key=key, facts=_facts(payment))
    elif payment.order is not None:
        _complete_order(payment, payment.order, key=key, channel_at=channel_at)
    record_audit(
        action="payments.payment.settled",
        subject=f"payment:{payment.number}",
        facts={
            "via": via,
            "discount": payment.discount,
            "from_balance": payment.from_balance,
            "from_channel": payment.from_channel,
        },
    )
    logger.info("payments.payment.settled", extra={"number": payment.number, "via": via})


def _complete_order(payment: Payment, order: Order, *, key: str, channel_at: str) -> None:
    require_move(ORDER_MOVES, order.state, OrderState.PAID)
    order.state = OrderState.PAID
    order.paid_at = payment.settled_at
    paid = ("paid_from_coupons", "paid_from_points", "paid_from_balance", "paid_from_channel")
    for name in paid:
        setattr(order, name, getattr(payment, name.removeprefix("paid_")))
    update(order, "payer", "is_claimed", "state", "paid_at", *paid, "updated_at")
    book_payment(
        user_id=payment.payer_id,
        hold_id=payment.hold_id,
        balance=Fen(payment.from_balance),
        channel_amount=Fen(payment.from_channel),
        key=key,
        reference=order.number,
        title=order.title,
        counterparty=order.counterparty,
        counterparty_name=order.counterparty_name,
        facts=_facts(payment),
        discount=redeem_discounts(reference=payment.number) if payment.uses_discounts else (),
        channel_at=channel_at,
    )
    publish(
        OrderPaid(
            order_no=order.number,
            payer_id=payment.payer_id,
            amount=order.amount,
            discount=payment.discount,
            from_balance=payment.from_balance,
            from_channel=payment.from_channel,
        )
    )


def _facts(payment: Payment) -> dict[str, Any]:
    return {"payment": payment.number, "transaction_id": payment.transaction_id}
