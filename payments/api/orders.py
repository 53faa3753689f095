"""Create, list, show, cancel my orders."""

import threading
import time
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from payments.api.refund_output import REFUND_EXAMPLE, OrderRefundOutput
from payments.errors import ChannelUnavailable, OrderAlreadyPaid, OrderNotCancellable, StoreNotOpen
from payments.models import Order
from payments.rules.order_states import OrderState
from payments.selectors.order_refunds import may_be_refunded, order_refunds
from payments.selectors.orders import order_for, orders_of
from payments.services.closing import hasten_query
from payments.services.orders import cancel_order, create_store_order
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door

FINAL = (OrderState.PAID, OrderState.CLOSED)
LOOK_EVERY_SECONDS = 0.2

# A waiting caller occupies a thread; the others must stay free for everybody else.
_waiting_places = threading.BoundedSemaphore(8)


class OrderLineOutput(OutputSerializer):
    name = serializers.CharField()
    sku = serializers.CharField()
    unit_price = FenField()
    quantity = serializers.IntegerField()


class OrderOutput(OutputSerializer):
    number = serializers.CharField()
    origin = serializers.ChoiceField(choices=Order.Origin.choices)
    store = serializers.SerializerMethodField(help_text="到店付款的门店名称")
    title = serializers.CharField()
    remark = serializers.CharField()
    amount = FenField()
    state = serializers.ChoiceField(choices=Order.State.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    paid_from_coupons = FenField(help_text="优惠券抵扣，含自动优惠")
    paid_from_points = FenField(help_text="积分抵扣")
    paid_from_balance = FenField()
    paid_from_channel = FenField()
    refunded = FenField(help_text="已退款")
    refundable = serializers.SerializerMethodField(help_text="还可申请退款的金额；审核中和退款中的已扣除")
    lines = OrderLineOutput(source="bought", many=True)
    placed_at = TimeField()
    expires_at = TimeField()
    paid_at = TimeField(allow_null=True)
    closed_at = TimeField(allow_null=True)

    @extend_schema_field(FenField)
    def get_refundable(self, order: Order) -> int:
        return order.refundable if may_be_refunded(order, at=clock.now()) else 0

    def get_store(self, order: Order) -> str:
        return order.store.name if order.store else ""


ORDER_EXAMPLE = {
    "number": "O261121201530123Q7K0M2Z9XWDAX",
    "origin": "STORE",
    "store": "人民路店",
    "title": "人民路店",
    "remark": "两杯拿铁",
    "amount": 5800,
    "state": "PAID",
    "state_name": "已支付",
    "paid_from_coupons": 0,
    "paid_from_points": 0,
    "paid_from_balance": 3000,
    "paid_from_channel": 2800,
    "refunded": 0,
    "refundable": 5800,
    "lines": [],
    "placed_at": "2026-11-21T20:15:30+08:00",
    "expires_at": "2026-11-21T20:45:30+08:00",
    "paid_at": "2026-11-21T20:15:41+08:00",
    "closed_at": None,
}
_UNPAID = {"paid_from_balance": 0, "paid_from_channel": 0, "refundable": 0, "paid_at": None}
OPEN_EXAMPLE = {**ORDER_EXAMPLE, **_UNPAID, "state": "OPEN", "state_name": "待支付"}
CLOSED_EXAMPLE = {
    **ORDER_EXAMPLE,
    **_UNPAID,
    "state": "CLOSED",
    "state_name": "已关闭",
    "closed_at": "2026-11-21T20:16:02+08:00",
}


class OrderWithRefundsOutput(OrderOutput):
    refunds = OrderRefundOutput(many=True, help_text="退款，新的在前")

    @classmethod
    def of_order(cls, order: Order) -> Any:
        return OrderOutput.answer(order) | {
            "refunds": OrderRefundOutput.answer_each(order_refunds().filter(order=order))
        }


REFUNDED_EXAMPLE = {**ORDER_EXAMPLE, "refunded": 1000, "refundable": 4800, "refunds": [REFUND_EXAMPLE]}


class Orders(Door):
    """Place an order at a store; list mine."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (StoreNotOpen,)

    class Input(InputSerializer):
        store = serializers.SlugField(max_length=32, help_text="门店编号")
        amount = FenField(min_value=settings.ORDER_MIN, max_value=settings.ORDER_MAX)
        remark = StrictCharField(max_length=128, required=False, default="", allow_blank=True)

    class Query(PageQuery):
        state = serializers.ChoiceField(choices=Order.State.choices, required=False)

    @extend_schema(
        operation_id="place_order",
        summary="到店付款下单 Place an order at a store",
        tags=["订单 orders"],
        request=Input,
        responses={201: OrderOutput},
        examples=[
            OpenApiExample(
                "人民路店 58.00 元",
                value={"store": "renmin", "amount": 5800, "remark": "两杯拿铁"},
                request_only=True,
            ),
            OpenApiExample("订单", value=OPEN_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        order = create_store_order(
            payer_id=self.caller_id,
            store_code=wish["store"],
            amount=wish["amount"],
            remark=wish["remark"],
        )
        return Response(OrderOutput.answer(order), status=201)

    @extend_schema(
        operation_id="list_orders",
        summary="我的订单 My orders, newest first",
        tags=["订单 orders"],
        parameters=[Query],
        responses={200: page_output(OrderOutput, "OrderPage")},
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [ORDER_EXAMPLE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        orders = orders_of(self.caller_id)
        if state := query.get("state"):
            orders = orders.filter(state=state)
        return Response(page_of(orders, output=OrderOutput, query=query, purpose=f"orders:{self.caller_id}"))


class OneOrder(Door):
    """Show one order; wait for its end."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(InputSerializer):
        wait = serializers.IntegerField(
            required=False,
            default=0,
            min_value=0,
            max_value=20,
            help_text="最多等待几秒，订单有最终结果即返回",
        )

    @extend_schema(
        operation_id="show_order",
        summary="查看订单（支付结果页） One order; `wait` seconds for its final state",
        tags=["订单 orders"],
        parameters=[Query],
        responses={200: OrderWithRefundsOutput},
        examples=[OpenApiExample("订单，退过一次", value=REFUNDED_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        wait = self.Query.read_query(request)["wait"]
        order = order_for(self.caller_id, number)
        if wait and order.state not in FINAL:
            hasten_query(order)
            order = _wait_for_end(self.caller_id, number, seconds=wait) or order
        return Response(OrderWithRefundsOutput.of_order(order))


class CancelOrder(Door):
    """Cancel one of my orders."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (OrderAlreadyPaid, OrderNotCancellable, ChannelUnavailable)

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="cancel_order",
        summary="取消订单 Cancel an order",
        tags=["订单 orders"],
        request=Input,
        responses={200: OrderOutput},
        examples=[OpenApiExample("已取消", value=CLOSED_EXAMPLE, response_only=True)],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(OrderOutput.answer(cancel_order(payer_id=self.caller_id, number=number)))


def _wait_for_end(payer_id: int, number: str, *, seconds: int) -> Any:
    """Look again and again until the order is final; None when too many wait already."""
    if not _waiting_places.acquire(blocking=False):
        return None
    try:
        deadline = time.monotonic() + seconds
        while True:
            order = order_for(payer_id, number)
            if order.state in FINAL or time.monotonic() >= deadline:
                return order
            time.sleep(LOOK_EVERY_SECONDS)
    finally:
        _waiting_places.release()
