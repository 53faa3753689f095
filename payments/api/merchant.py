"""The merchant's shop system: create, see and close its orders."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.orders import CLOSED_EXAMPLE, OPEN_EXAMPLE, REFUNDED_EXAMPLE, OrderOutput
from payments.api.refund_output import SHOP_REFUND_EXAMPLE, ShopRefundOutput
from payments.api.shop_authentication import FromShop, ShopSignature
from payments.errors import (
    ChannelUnavailable,
    InvalidShopSignature,
    OrderAlreadyPaid,
    OrderNotCancellable,
    ReplayedShopRequest,
    ShopOrderConflict,
    UnknownPayer,
)
from payments.selectors.order_refunds import order_refunds
from payments.selectors.orders import order_of_shop
from payments.services.orders import Line, close_order_for_shop, create_shop_order
from wallet_project.kit.api.serializers import FenField, InputSerializer, StrictCharField, StrictIntegerField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import DomainError


class ShopOrderOutput(OrderOutput):
    shop_order_no = serializers.CharField()


class ShopOrderWithRefundsOutput(ShopOrderOutput):
    refunds = ShopRefundOutput(many=True, help_text="退款，新的在前")


SIGNED: tuple[type[DomainError], ...] = (InvalidShopSignature, ReplayedShopRequest)
_ITEMS = [
    {"name": "挂耳咖啡 10 片", "sku": "DRIP-10", "unit_price": 3900, "quantity": 1},
    {"name": "马克杯", "sku": "MUG-1", "unit_price": 2500, "quantity": 2},
]
_OF_SHOP = {
    "origin": "SHOP",
    "store": "",
    "title": "网上商城订单",
    "remark": "",
    "amount": 8900,
    "lines": _ITEMS,
    "shop_order_no": "SO-20261121-0007",
}
_PAID = {**REFUNDED_EXAMPLE, **_OF_SHOP, "refundable": 7900, "refunds": [SHOP_REFUND_EXAMPLE]}


class ShopDoor(Door):
    authentication_classes = [ShopSignature]
    permission_classes = [FromShop]
    throttle_scope = "merchant"
    errors = SIGNED


class ShopOrders(ShopDoor):
    """Create an order for a customer to pay."""

    errors = (*SIGNED, ShopOrderConflict, UnknownPayer)

    class Input(InputSerializer):
        class Item(InputSerializer):
            name = StrictCharField(max_length=64)
            sku = StrictCharField(max_length=64, required=False, default="", allow_blank=True)
            unit_price = FenField(min_value=0, max_value=settings.ORDER_MAX)
            quantity = StrictIntegerField(min_value=1, max_value=9999)

        shop_order_no = serializers.RegexField(r"^[0-9A-Za-z_\-]{1,64}$")
        title = StrictCharField(max_length=64)
        items = serializers.ListField(child=Item(), min_length=1, max_length=100)
        payer_openid = serializers.CharField(max_length=128, required=False, default="", allow_blank=True)
        remark = StrictCharField(max_length=128, required=False, default="", allow_blank=True)
        expires_in = StrictIntegerField(
            required=False, min_value=60, max_value=7 * 24 * 3600, help_text="支付期限（秒）"
        )

        def validate(self, wish: dict) -> dict:
            total = sum(item["unit_price"] * item["quantity"] for item in wish["items"])
            if not settings.ORDER_MIN <= total <= settings.ORDER_MAX:
                raise serializers.ValidationError({"items": [_("商品总价超出允许范围")]})
            return wish

    @extend_schema(
        operation_id="create_shop_order",
        summary="商城下单 Create an order from the shop system",
        description="`shop_order_no` 即幂等键：相同内容重复提交返回同一订单。",
        tags=["商城 merchant"],
        request=Input,
        responses={201: ShopOrderOutput},
        examples=[
            OpenApiExample(
                "两件商品",
                value={
                    "shop_order_no": "SO-20261121-0007",
                    "title": "网上商城订单",
                    "items": _ITEMS,
                },
                request_only=True,
            ),
            OpenApiExample(
                "订单", value={**OPEN_EXAMPLE, **_OF_SHOP}, response_only=True, status_codes=["201"]
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        order = create_shop_order(
            shop_id=request.auth.pk, lines=[Line(**item) for item in wish.pop("items")], **wish
        )
        return Response(ShopOrderOutput.answer(order), status=201)


class OneShopOrder(ShopDoor):
    """See one of the shop's orders, by our number or by the shop's."""

    @extend_schema(
        operation_id="show_shop_order",
        summary="商城查单 One of the shop's orders",
        tags=["商城 merchant"],
        responses={200: ShopOrderWithRefundsOutput},
        examples=[OpenApiExample("订单", value=_PAID, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        order = order_of_shop(request.auth.pk, number)
        refunds = ShopRefundOutput.answer_each(order_refunds().filter(order=order))
        return Response(ShopOrderOutput.answer(order) | {"refunds": refunds})


class CloseShopOrder(ShopDoor):
    """Withdraw one of the shop's orders."""

    errors = (*SIGNED, OrderAlreadyPaid, OrderNotCancellable, ChannelUnavailable)

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="close_shop_order",
        summary="商城关单 Close one of the shop's orders",
        tags=["商城 merchant"],
        request=Input,
        responses={200: ShopOrderOutput},
        examples=[OpenApiExample("已关闭", value={**CLOSED_EXAMPLE, **_OF_SHOP}, response_only=True)],
    )
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(ShopOrderOutput.answer(close_order_for_shop(shop_id=request.auth.pk, number=number)))
