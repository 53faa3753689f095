"""Refunds of orders: what their payer, their shop and the staff may see, and how many there were."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Prefetch, QuerySet, Sum

from payments.models import Order, OrderRefund, OrderRefundPart
from payments.rules.order_states import OrderState
from wallet.rules.top_up_refunds import REFUNDABLE_FOR
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound


def order_refunds() -> QuerySet[OrderRefund]:
    """With their orders and where each part goes, in two queries; newest first."""
    parts = OrderRefundPart.objects.select_related("source").order_by("source__place")
    found = OrderRefund.objects.select_related("order__store", "order__shop")
    return found.prefetch_related(Prefetch("parts", queryset=parts)).order_by("-pk")


def may_be_refunded(order: Order, *, at: datetime) -> bool:
    """Paid, and not so long ago that WeChat does not give back any more."""
    return order.paid_at is not None and order.paid_at > at - REFUNDABLE_FOR


def refundable_orders_of(payer_id: int, *, at: datetime) -> QuerySet[Order]:
    """Of which something may still go back, the newest first."""
    paid = Order.objects.filter(payer=payer_id, state=OrderState.PAID, paid_at__gt=at - REFUNDABLE_FOR)
    some_left = paid.filter(amount__gt=F("refunded") + F("refunding"))
    return some_left.select_related("store", "shop").order_by("-pk")


def customer_refund(payer_id: int, order_no: str, number: str) -> OrderRefund:
    """
    One refund of one of their orders, whoever began it.

    :raises NotFound: no such refund, or somebody else's: the two look alike
    """
    return _the(order_refunds().filter(order__payer=payer_id, order__number=order_no, number=number))


def refund_of_shop(shop_id: int, order_no: str, number: str) -> OrderRefund:
    """
    One refund of one of a shop's orders, by our numbers or by theirs, whoever began it.

    :raises NotFound: no such refund of this shop
    """
    of_shop = order_refunds().filter(order__shop=shop_id)
    order = of_shop.filter(order__number=order_no) | of_shop.filter(order__shop_order_no=order_no)
    return _the(order.filter(number=number) | order.filter(shop_refund_no=number))


def refunds_of_day(day: date) -> Iterable[Mapping[str, Any]]:
    """What was asked for on a business day, by origin and state: `times` and `amount` in fen."""
    asked = OrderRefund.objects.filter(requested_at__gte=clock.beginning_of(day), requested_at__lt=_ends(day))
    grouped = asked.order_by("origin", "state").values("origin", "state")
    return grouped.annotate(times=Count("pk"), amount=Sum("amount"))


def arrived_on(day: date) -> Iterable[Mapping[str, Any]]:
    """What reached payers on a business day, by where it went: `times` and `amount` in fen."""
    parts = OrderRefundPart.objects.filter(arrived_at__gte=clock.beginning_of(day), arrived_at__lt=_ends(day))
    grouped = parts.order_by("goes_to").values("goes_to")
    return grouped.annotate(times=Count("pk"), amount=Sum("amount"))


def _ends(day: date) -> datetime:
    return clock.beginning_of(day + timedelta(days=1))


def _the(refunds: QuerySet[OrderRefund]) -> OrderRefund:
    found = refunds.first()
    if found is None:
        raise NotFound
    return found
