"""Start a top-up, see what became of it."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import SCREENING_ERRORS, WeChatNotLinked
from payments.api.checkout import PAY_PARAMS_EXAMPLE, PayParams
from payments.errors import ChannelRefused, ChannelUnavailable, OrderAlreadyPaid, PaymentEnded
from payments.services.funding import start_top_up
from wallet.errors import (
    BalanceCapExceeded,
    LimitExceeded,
    PackageNotOnSale,
    PackageTakenOften,
    WalletReceivesNothing,
)
from wallet.selectors.top_ups import top_up_for
from wallet_project.kit import context
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused


class TopUpOutput(OutputSerializer):
    number = serializers.CharField()
    amount = FenField()
    bonus = FenField(help_text="到账时赠送")
    state = serializers.CharField()
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    created_at = TimeField()
    credited_at = TimeField(allow_null=True)


TOP_UP_EXAMPLE = {
    "number": "R261121201530123Q7K0M2Z9XWDBU",
    "amount": 10000,
    "bonus": 0,
    "state": "OPEN",
    "state_name": "待支付",
    "created_at": "2026-11-21T20:15:30+08:00",
    "credited_at": None,
}


class TopUps(Door):
    """Put my money into my wallet by WeChat Pay."""

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        *SCREENING_ERRORS,
        LimitExceeded,
        BalanceCapExceeded,
        ChannelRefused,
        ChannelUnavailable,
        OrderAlreadyPaid,
        PaymentEnded,
        WeChatNotLinked,
        Paused,
        WalletReceivesNothing,
        PackageNotOnSale,
        PackageTakenOften,
    )

    class Input(InputSerializer):
        amount = FenField(
            min_value=settings.TOP_UP_MIN,
            max_value=settings.TOP_UP_MAX,
            required=False,
            help_text="充值金额；与 package_id 二选一",
        )
        package_id = StrictIntegerField(required=False, min_value=1, help_text="充值套餐")

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            if len(attrs) != 1:
                raise serializers.ValidationError({"amount": [_("充值金额和套餐请填一项")]})
            return attrs

    class Output(OutputSerializer):
        top_up = TopUpOutput(source="payment.top_up")
        pay_params = PayParams(allow_null=True)

    @extend_schema(
        operation_id="start_top_up",
        summary="充值 Top up by WeChat Pay",
        tags=["钱包 wallet"],
        request=Input,
        responses={201: Output},
        examples=[
            OpenApiExample("充值 100.00 元", value={"amount": 10000}, request_only=True),
            OpenApiExample("套餐“充 100 送 20”", value={"package_id": 1}, request_only=True),
            OpenApiExample(
                "交给 wx.requestPayment",
                value={"top_up": TOP_UP_EXAMPLE, "pay_params": PAY_PARAMS_EXAMPLE},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        funding = start_top_up(payer_id=self.caller_id, client_ip=context.current().ip, **wish)
        return Response(self.Output.answer(funding), status=201)


class OneTopUp(Door):
    """What became of a top-up."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="show_top_up",
        summary="查看充值 One top-up",
        tags=["钱包 wallet"],
        responses={200: TopUpOutput},
        examples=[OpenApiExample("充值", value=TOP_UP_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(TopUpOutput.answer(top_up_for(user_id=self.caller_id, number=number)))
