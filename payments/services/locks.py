"""The written order of locks (docs/locking.md), for everybody who ends a payment: order, payment, top-up."""

from payments.models import Order, Payment, ShopSystem, Store
from wallet.services.top_ups import lock_top_up
from wallet_project.kit.db import require_transaction
from wallet_project.kit.rows import find_row, lock_row


def lock_order(order_id: int) -> Order:
    """This order as it is now, locked, with whose money it will be."""
    order = lock_row(Order, pk=order_id)
    if order.store_id is not None:
        order.store = find_row(Store, pk=order.store_id)
    if order.shop_id is not None:
        order.shop = find_row(ShopSystem, pk=order.shop_id)
    return order


def lock_payment(payment: Payment) -> Payment:
    """This payment as it is now, locked, with its locked order or top-up."""
    require_transaction()
    order = lock_order(payment.order_id) if payment.order_id else None
    locked = lock_row(Payment, pk=payment.pk)
    if order is not None:
        locked.order = order
    if locked.top_up_id is not None:
        locked.top_up = lock_top_up(locked.top_up_id)
    return locked
