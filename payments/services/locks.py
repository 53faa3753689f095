"""The written order of locks (docs/locking.md), for everybody who ends a payment: order, then payment."""

from payments.models import Order, Payment
from wallet_project.kit.db import require_transaction


def lock_order(order_id: int) -> Order:
    """This order as it is now, locked, with whose money it will be."""
    orders = Order.objects.select_related("store", "shop")
    return orders.select_for_update(no_key=True, of=("self",)).get(pk=order_id)


def lock_payment(payment: Payment) -> Payment:
    """This payment as it is now, locked, with its locked order, if it pays one."""
    require_transaction()
    order = lock_order(payment.order_id) if payment.order_id else None
    payments = Payment.objects.select_related("top_up__wallet").select_for_update(no_key=True, of=("self",))
    locked = payments.get(pk=payment.pk)
    if order is not None:
        locked.order = order
    return locked
