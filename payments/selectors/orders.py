"""A payer's orders: only what the asker may see."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from payments.models import Order, Payment, Store
from payments.rules.order_states import LIVE, OrderState
from wallet_project.kit.errors import NotFound
from wallet_project.kit.rows import find_row
from wallet_project.kit.serials import is_serial


def orders_of(payer_id: int) -> QuerySet[Order]:
    """Their orders with lines and store; newest first by id."""
    return Order.objects.filter(payer_id=payer_id).select_related("store").prefetch_related("lines")


def order_for(payer_id: int, number: str) -> Order:
    """
    One order: their own, or a shop's that nobody has claimed yet (the number is unguessable).

    :raises NotFound: no such order, or somebody else's: the two look alike
    """
    found = find_row(Order, number=number) if is_serial(number, "O") else None
    if found is None or found.payer_id not in (None, payer_id):
        raise NotFound
    if found.store_id is not None:
        found.store = find_row(Store, pk=found.store_id)
    return found


def live_payment(order: Order) -> Payment | None:
    """What it is being paid with; an open order has nothing of the kind."""
    if order.state == OrderState.OPEN:
        return None
    return order.payments.filter(state__in=LIVE).first()


def order_of_shop(shop_id: int, number: str) -> Order:
    """
    A shop's own order, by our number or by theirs.

    :raises NotFound: no such order of this shop
    """
    found = (
        Order.objects.filter(Q(number=number) | Q(shop_order_no=number), shop_id=shop_id)
        .prefetch_related("lines")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def has_paid(user_id: int) -> bool:
    return Order.objects.filter(payer=user_id, state=Order.State.PAID).exists()


def expired_orders(at: datetime) -> QuerySet[Order]:
    """Open orders past their time; those being paid are closed by way of their payment."""
    return Order.objects.filter(state=Order.State.OPEN, expires_at__lte=at)


class OrderInShort(NamedTuple):
    title: str
    paid_at: datetime | None


def order_in_short(number: str) -> OrderInShort:
    """What is told of one, in one small query; whoever asks must have a right to know of it."""
    return OrderInShort(*Order.objects.values_list("title", "paid_at").get(number=number))


def unpaid_orders(*, at: datetime, placed_by: datetime) -> Iterator[Order]:
    """Begun by then, and neither paid nor over; two queries, each over few rows of an index."""
    begun = Order.objects.filter(expires_at__gt=at, placed_at__lte=placed_by, payer__isnull=False)
    yield from begun.filter(state=Order.State.OPEN)
    yield from begun.filter(state=Order.State.PAYING, payments__state__in=LIVE)


def unpaid_order(*, payer_id: int, number: str, at: datetime) -> Order | None:
    """What is being paid may be paid by now, and only WeChat knows; what is disputed is not told of."""
    order = Order.objects.filter(payer=payer_id, number=number, expires_at__gt=at).first()
    is_unpaid = order and (order.state == OrderState.OPEN or live_payment(order))
    return order if is_unpaid else None


def paid_orders() -> QuerySet[Order]:
    """For whoever asks whose, and since when."""
    return Order.objects.filter(state=Order.State.PAID)
