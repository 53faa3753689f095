"""The merchant's shop system: say that an order is shipped."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.merchant import SIGNED, ShopDoor
from payments.errors import OrderNotShippable, ShippingConflict
from payments.rules.shipping import ITEMS_MOST, ShipmentState, ShippingWay
from payments.selectors.orders import order_of_shop
from payments.services.shipping import ship_order
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.errors import NotFound

_CODE = r"^[0-9A-Za-z_\-]{1,128}$"


class ShippingOutput(OutputSerializer):
    order_no = serializers.CharField(source="order.number")
    way = serializers.ChoiceField(choices=ShippingWay.choices)
    company = serializers.CharField()
    tracking_no = serializers.CharField()
    items = serializers.CharField(help_text="告知微信的商品信息")
    state = serializers.ChoiceField(choices=ShipmentState.choices)
    shipped_at = TimeField()
    uploaded_at = TimeField(allow_null=True)


_TOLD = {"way": "EXPRESS", "company": "ZTO", "tracking_no": "78123456789012"}
SHIPPING_EXAMPLE = {
    "order_no": "O261121201530123Q7K0M2Z9XWDAX",
    **_TOLD,
    "items": "挂耳咖啡 10 片*1，马克杯*2",
    "state": "WAITING",
    "shipped_at": "2026-11-22T09:12:00+08:00",
    "uploaded_at": None,
}


class ShopShipping(ShopDoor):
    """Say that one of the shop's orders is shipped."""

    errors = (*SIGNED, NotFound, OrderNotShippable, ShippingConflict)

    class Input(InputSerializer):
        way = serializers.ChoiceField(choices=ShippingWay.choices)
        company = serializers.RegexField(
            _CODE, required=False, default="", allow_blank=True, help_text="微信的快递公司编码；快递必填"
        )
        tracking_no = serializers.RegexField(
            _CODE, required=False, default="", allow_blank=True, help_text="快递必填"
        )
        receiver_contact = serializers.RegexField(
            r"^[0-9+\-]{0,8}\*{4,}[0-9]{4}$",
            max_length=32,
            required=False,
            default="",
            allow_blank=True,
            help_text="收件人电话，掩码如 189****1234；顺丰必填",
        )
        items = StrictCharField(
            max_length=ITEMS_MOST,
            required=False,
            default="",
            allow_blank=True,
            help_text="商品信息；省略则取订单明细",
        )

        def validate(self, wish: dict) -> dict:
            express = wish["way"] == ShippingWay.EXPRESS
            for name in ("company", "tracking_no"):
                if express and not wish[name]:
                    raise serializers.ValidationError({name: [_("快递必填")]})
            return wish

    @extend_schema(
        operation_id="ship_shop_order",
        summary="商城发货 One of the shop's orders is shipped",
        description="微信支付的订单会把发货信息上传微信，微信据此结算。相同内容重复提交返回同一发货。",
        tags=["商城 merchant"],
        request=Input,
        responses={201: ShippingOutput},
        examples=[
            OpenApiExample("快递", value=_TOLD, request_only=True),
            OpenApiExample("已发货", value=SHIPPING_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        order = order_of_shop(request.auth.pk, number)
        shipment = ship_order(shop_order=order, **self.Input.read(request))
        return Response(ShippingOutput.answer(shipment), status=201)
