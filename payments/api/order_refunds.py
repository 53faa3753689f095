"""Ask for my money back, see how it goes, take the request back."""

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from payments.api.refund_output import (
    REFUND_EXAMPLE,
    WAITING_EXAMPLE,
    WITHDRAWN_EXAMPLE,
    OrderRefundOutput,
)
from payments.errors import (
    OrderNotRefundable,
    RefundExceedsPaid,
    RefundNotInReview,
    RefundRejectedBefore,
    RefundUnderReview,
    TooManyRefunds,
)
from payments.rules.order_refunds import RefundReason
from payments.selectors.order_refunds import customer_refund
from payments.services.order_refunds import ask_for_refund
from payments.services.refund_decisions import withdraw_refund
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import FenField, InputSerializer, StrictCharField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.pauses.errors import Paused


class OrderRefunds(Door):
    """Ask for money of a paid order back."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (
        NotFound,
        Paused,
        OrderNotRefundable,
        RefundUnderReview,
        RefundRejectedBefore,
        RefundExceedsPaid,
        TooManyRefunds,
    )

    class Input(InputSerializer):
        amount = FenField(max_value=settings.ORDER_MAX, help_text="不超过订单的 refundable")
        reason = serializers.ChoiceField(choices=RefundReason.choices)
        note = StrictCharField(max_length=200, required=False, default="", allow_blank=True)

    @extend_schema(
        operation_id="ask_for_refund",
        summary="申请退款 Ask for money of a paid order back",
        description=(
            "按付款来源的比例原路退回：余额部分审核通过即到账，微信部分由微信退回。"
            "商家免审额度以内立即退款，超过的等待人工审核；同一订单同时只能有一个待审核的申请。"
        ),
        tags=["订单 orders"],
        request=Input,
        responses={201: OrderRefundOutput},
        examples=[
            OpenApiExample(
                "退 10.00 元",
                value={"amount": 1000, "reason": "DEFECTIVE", "note": "少了一杯"},
                request_only=True,
            ),
            OpenApiExample("待审核", value=WAITING_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        wish = self.Input.read(request)
        refund = ask_for_refund(payer_id=self.caller_id, order_no=number, **wish)
        return Response(OrderRefundOutput.answer(refund), status=201)


class OneOrderRefund(Door):
    """One refund of one of my orders."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        operation_id="show_order_refund",
        summary="查看退款 One refund of an order",
        tags=["订单 orders"],
        responses={200: OrderRefundOutput},
        examples=[OpenApiExample("微信部分在途", value=REFUND_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str, refund: str) -> Response:
        return Response(OrderRefundOutput.answer(customer_refund(self.caller_id, number, refund)))


class WithdrawOrderRefund(Door):
    """Take my request back while nobody has decided it."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound, RefundNotInReview)

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="withdraw_order_refund",
        summary="撤回退款申请 Withdraw a refund request",
        tags=["订单 orders"],
        request=Input,
        responses={200: OrderRefundOutput},
        examples=[OpenApiExample("已撤回", value=WITHDRAWN_EXAMPLE, response_only=True)],
    )
    @idempotent
    def post(self, request: Request, number: str, refund: str) -> Response:
        self.Input.read(request)
        withdrawn = withdraw_refund(payer_id=self.caller_id, order_no=number, number=refund)
        return Response(OrderRefundOutput.answer(withdrawn))
