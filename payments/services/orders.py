"""Create, cancel, close orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.selectors.users import user_by_openid
from payments.errors import (
    OrderAlreadyPaid,
    OrderNotCancellable,
    ShopOrderConflict,
    StoreNotOpen,
    UnknownPayer,
)
from payments.events import OrderClosed
from payments.models import Order, OrderLine, Store
from payments.selectors.orders import expired_orders, live_payment, order_for, order_of_shop
from payments.services.closing import close_payment
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import publish
from wallet_project.kit.idempotency import earlier_effect, keep_effect
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


@dataclass(frozen=True)
class Line:
    """One item as the shop sends it; price in fen."""

    name: str
    unit_price: Fen
    quantity: int
    sku: str = ""


def create_store_order(*, payer_id: int, store_code: str, amount: Fen, remark: str) -> Order:
    """
    The customer stands at the counter and types an amount.

    :raises StoreNotOpen: no such store, or it is closed
    """
    if earlier := earlier_effect():
        return Order.objects.get(number=earlier)
    store = Store.objects.filter(code=store_code, is_open=True).first()
    if store is None:
        raise StoreNotOpen(store=store_code)
    now = clock.now()
    with transaction.atomic(durable=True):
        order = Order.objects.create(
            number=new_serial("O", now),
            origin=Order.Origin.STORE,
            payer_id=payer_id,
            store=store,
            title=store.name,
            remark=remark,
            amount=amount,
            placed_at=now,
            expires_at=_default_expiry(now),
        )
        keep_effect(order.number)
    return order


def create_shop_order(
    *,
    shop_id: int,
    shop_order_no: str,
    title: str,
    lines: Sequence[Line],
    payer_openid: str = "",
    remark: str = "",
    expires_in: int | None = None,
) -> Order:
    """
    The merchant's shop system asks for the sum of some items.

    Sent again with the same contents it answers the same order: the shop's number is the key.

    :raises ShopOrderConflict: the number was used for other contents
    :raises UnknownPayer: the openid never logged in here
    """
    payer_id = _payer_id(payer_openid) if payer_openid else None
    now = clock.now()
    wanted = Order(
        number=new_serial("O", now),
        origin=Order.Origin.SHOP,
        payer_id=payer_id,
        shop_id=shop_id,
        shop_order_no=shop_order_no,
        title=title,
        remark=remark,
        amount=sum(line.unit_price * line.quantity for line in lines),
        placed_at=now,
        expires_at=now + timedelta(seconds=expires_in) if expires_in else _default_expiry(now),
    )
    try:
        with transaction.atomic(durable=True):
            wanted.save(force_insert=True)
            OrderLine.objects.bulk_create(
                OrderLine(
                    order=wanted,
                    name=line.name,
                    sku=line.sku,
                    unit_price=line.unit_price,
                    quantity=line.quantity,
                )
                for line in lines
            )
    except IntegrityError:
        return _same_shop_order(wanted, lines)
    return wanted


def cancel_order(*, payer_id: int, number: str) -> Order:
    """
    The customer changes their mind. What WeChat still holds open is closed there first.

    :raises OrderAlreadyPaid: too late
    :raises OrderNotCancellable: not theirs, or a payment that does not match is being looked at
    :raises ChannelUnavailable: WeChat did not say whether it was paid; nothing changed
    """
    order = order_for(payer_id, number)
    if order.payer_id is None:  # a shop's order that somebody merely looked at
        raise OrderNotCancellable(state=order.state)
    return _close(order, reason="顾客取消")


def close_order_for_shop(*, shop_id: int, number: str) -> Order:
    """
    The shop withdraws its order.

    :raises OrderAlreadyPaid: too late
    :raises OrderNotCancellable: somebody must first look at a payment that does not match
    :raises ChannelUnavailable: WeChat did not say whether it was paid; nothing changed
    """
    return _close(order_of_shop(shop_id, number), reason="商城关闭")


def close_expired_orders(*, at: datetime, limit: int) -> None:
    """Close what nobody began to pay in time. What is being paid is left to its payment."""
    for order_id in list(expired_orders(at).values_list("pk", flat=True)[:limit]):
        with transaction.atomic(durable=True):
            order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
            if order.state == Order.State.OPEN:
                mark_closed(order, at=at, reason="超时未支付")


def mark_closed(order: Order, *, at: datetime, reason: str) -> None:
    """Write down the end of a locked order that nobody paid."""
    order.state = Order.State.CLOSED
    order.closed_at = at
    order.close_reason = reason
    order.save(update_fields=["state", "closed_at", "close_reason", "updated_at"])
    record_audit(action="payments.order.closed", subject=f"order:{order.number}", facts={"reason": reason})
    publish(OrderClosed(order_no=order.number, reason=reason))


def _close(order: Order, *, reason: str) -> Order:
    if order.state == Order.State.PAYING and (payment := live_payment(order)):
        close_payment(number=payment.number, reason=reason)
    with transaction.atomic(durable=True):
        order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        match order.state:
            case Order.State.CLOSED:
                return order
            case Order.State.PAID:
                raise OrderAlreadyPaid
            case Order.State.PAYING:
                raise OrderNotCancellable(state=order.state)
        mark_closed(order, at=clock.now(), reason=reason)
    return order


def _same_shop_order(wanted: Order, lines: Sequence[Line]) -> Order:
    found = order_of_shop(wanted.shop_id or 0, wanted.shop_order_no)
    same = (
        found.title == wanted.title
        and found.remark == wanted.remark
        and (wanted.payer_id is None or found.payer_id == wanted.payer_id)
        and [(line.name, line.sku, line.unit_price, line.quantity) for line in found.lines.all()]
        == [(line.name, line.sku, line.unit_price, line.quantity) for line in lines]
    )
    if not same:
        raise ShopOrderConflict(order_no=found.number)
    return found


def _payer_id(openid: str) -> int:
    try:
        return user_by_openid(openid).pk
    except NotFound:
        raise UnknownPayer from None


def _default_expiry(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.ORDER_LIFETIME_SECONDS)
