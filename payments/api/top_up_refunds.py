"""Take a top-up back."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS
from payments.errors import TopUpNotRefundable, TopUpRefundChanged
from payments.selectors.top_up_refunds import refund_offer
from payments.services.top_up_refunds import refund_top_up
from wallet.errors import InsufficientBalance, LotExhausted, WalletFrozen
from wallet.rules.top_up_refunds import RefundCause
from wallet.selectors.top_ups import top_up_for
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.pauses.errors import Paused

_OFFER = {
    "cause": "CUSTOMER",
    "cause_name": "个人原因退款",
    "paid": 10000,
    "paid_left": 10000,
    "gift": 2000,
    "gift_left": 500,
    "charged": 1500,
    "refund": 8500,
    "until": "2027-11-20T20:15:30+08:00",
}


class TopUpRefund(Door):
    """What would come back of a top-up, and taking it back: the same amount, or nothing happens."""

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        NotFound,
        TopUpNotRefundable,
        TopUpRefundChanged,
        InsufficientBalance,
        LotExhausted,
        WalletFrozen,
        Paused,
        *STEP_UP_ERRORS,
    )

    class Offer(OutputSerializer):
        cause = serializers.ChoiceField(source="plan.cause", choices=RefundCause.choices)
        cause_name = serializers.CharField(source="plan.cause.label")
        paid = FenField(source="top_up.paid", help_text="充值金额")
        paid_left = FenField(source="top_up.paid_left", help_text="其中尚未使用")
        gift = FenField(source="top_up.given", help_text="赠送金额")
        gift_left = FenField(source="top_up.given_left", help_text="尚未使用的赠金，退款时收回")
        charged = FenField(source="plan.charged", help_text="已使用的赠金，从退款中扣除")
        refund = FenField(source="plan.paid_back", help_text="退回微信的金额；确认时原样带回")
        until = TimeField(help_text="此后微信不再支持原路退回")

    class Input(InputSerializer):
        refund = FenField(help_text="查询到的退款金额")

    class Output(OutputSerializer):
        number = serializers.CharField(help_text="退款单号")
        amount = FenField()
        state = serializers.CharField()
        state_name = serializers.CharField(source="get_state_display")
        created_at = TimeField()

    @extend_schema(
        operation_id="show_top_up_refund",
        summary="充值能退多少 What would come back of a top-up",
        tags=["钱包 wallet"],
        responses=Offer,
        examples=[OpenApiExample("用过 15 元赠金", value=_OFFER, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        top_up = top_up_for(user_id=self.caller_id, number=number)
        return Response(self.Offer.answer(refund_offer(top_up_no=top_up.number, at=clock.now())))

    @extend_schema(
        operation_id="refund_top_up",
        summary="充值退款 Take a top-up back",
        tags=["钱包 wallet"],
        request=Input,
        responses={201: Output},
        examples=[
            OpenApiExample("退 85.00 元", value={"refund": 8500}, request_only=True),
            OpenApiExample(
                "退回中",
                value={
                    "number": "F261121201530123Q7K0M2Z9XWDBU",
                    "amount": 8500,
                    "state": "REQUESTED",
                    "state_name": "已申请",
                    "created_at": "2026-11-21T20:15:30+08:00",
                },
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        wish = self.Input.read(request)
        refund = refund_top_up(
            user_id=self.caller_id,
            device_id=self.device_id,
            number=number,
            expected=wish["refund"],
            grant=self.step_up_grant,
        )
        return Response(self.Output.answer(refund), status=201)
