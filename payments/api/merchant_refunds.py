"""The merchant's shop system: give money of its orders back."""

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.merchant import SIGNED, ShopDoor
from payments.api.refund_output import SHOP_REFUND_EXAMPLE, ShopRefundOutput
from payments.errors import OrderNotRefundable, RefundExceedsPaid, ShopRefundConflict, TooManyRefunds
from payments.rules.order_refunds import RefundReason
from payments.selectors.order_refunds import refund_of_shop
from payments.selectors.orders import order_of_shop
from payments.services.order_refunds import refund_for_shop
from wallet_project.kit.api.serializers import FenField, InputSerializer, StrictCharField
from wallet_project.kit.errors import NotFound
from wallet_project.pauses.errors import Paused


class ShopRefunds(ShopDoor):
    """Give money of one of the shop's orders back."""

    errors = (
        *SIGNED,
        NotFound,
        Paused,
        OrderNotRefundable,
        RefundExceedsPaid,
        TooManyRefunds,
        ShopRefundConflict,
    )

    class Input(InputSerializer):
        shop_refund_no = serializers.RegexField(r"^[0-9A-Za-z_\-]{1,64}$")
        amount = FenField(max_value=settings.ORDER_MAX)
        reason = serializers.ChoiceField(choices=RefundReason.choices)
        note = StrictCharField(max_length=200, required=False, default="", allow_blank=True)

    @extend_schema(
        operation_id="create_shop_refund",
        summary="商城退款 Give money of one of the shop's orders back",
        description=(
            "`shop_refund_no` 即幂等键：相同内容重复提交返回同一笔退款。按付款来源的比例原路退回；"
            "同一订单累计超过商城单独可退的额度时为 REVIEW，等待人工审核。"
        ),
        tags=["商城 merchant"],
        request=Input,
        responses={201: ShopRefundOutput},
        examples=[
            OpenApiExample(
                "退 10.00 元",
                value={"shop_refund_no": "SR-20261121-0001", "amount": 1000, "reason": "DEFECTIVE"},
                request_only=True,
            ),
            OpenApiExample("退款中", value=SHOP_REFUND_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        order = order_of_shop(request.auth.pk, number)
        refund = refund_for_shop(shop_order=order, **self.Input.read(request))
        return Response(ShopRefundOutput.answer(refund), status=201)


class OneShopRefund(ShopDoor):
    """See one refund of one of the shop's orders, by our numbers or by the shop's."""

    @extend_schema(
        operation_id="show_shop_refund",
        summary="商城查退款 One refund of one of the shop's orders",
        tags=["商城 merchant"],
        responses={200: ShopRefundOutput},
        examples=[OpenApiExample("退款中", value=SHOP_REFUND_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str, refund: str) -> Response:
        return Response(ShopRefundOutput.answer(refund_of_shop(request.auth.pk, number, refund)))
