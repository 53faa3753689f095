"""Small payments without a PIN."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS, SmallPaymentsOutOfRange
from accounts.selectors.small_payments import allowance_of
from accounts.services.small_payments import allow_small_payments, stop_small_payments
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer, StrictBooleanField
from wallet_project.kit.api.views import Door

_EXAMPLE = OpenApiExample(
    "已开启",
    value={
        "is_on": True,
        "per_payment": 10000,
        "per_day": 30000,
        "spent_today": 3500,
        "per_payment_up_to": 20000,
        "per_day_up_to": 50000,
    },
    response_only=True,
)


class AllowanceOutput(OutputSerializer):
    is_on = serializers.BooleanField()
    per_payment = FenField(help_text="单笔不超过此金额免密")
    per_day = FenField(help_text="单日累计不超过此金额免密")
    spent_today = FenField(help_text="今日已免密支付")
    per_payment_up_to = FenField(help_text="单笔最高可设置")
    per_day_up_to = FenField(help_text="单日最高可设置")


class MySmallPayments(Door):
    """Pay small amounts without a PIN: off until I wish it, within caps of my own."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (SmallPaymentsOutOfRange, *STEP_UP_ERRORS)

    class Input(InputSerializer):
        is_on = StrictBooleanField()
        per_payment = FenField(required=False)
        per_day = FenField(required=False)

        def validate(self, wish: dict) -> dict:
            """Whoever switches it on says how far."""
            if wish["is_on"]:
                missing = {"per_payment", "per_day"} - set(wish)
                if missing:
                    required = serializers.Field.default_error_messages["required"]
                    raise serializers.ValidationError({name: [required] for name in sorted(missing)})
            return wish

    @extend_schema(
        operation_id="show_small_payments",
        summary="小额免密 Small payments without a PIN",
        tags=["安全 security"],
        responses=AllowanceOutput,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return self.answer()

    @extend_schema(
        operation_id="choose_small_payments",
        summary="开启或关闭小额免密 Allow or stop them",
        tags=["安全 security"],
        request=Input,
        responses=AllowanceOutput,
        examples=[
            _EXAMPLE,
            OpenApiExample(
                "每笔 100 元、每天 300 元以内",
                value={"is_on": True, "per_payment": 10000, "per_day": 30000},
                request_only=True,
            ),
        ],
    )
    def put(self, request: Request) -> Response:
        wish = self.Input.read(request)
        if wish.pop("is_on"):
            allow_small_payments(
                user_id=self.caller_id, device_id=self.device_id, grant=self.step_up_grant, **wish
            )
        else:
            stop_small_payments(user_id=self.caller_id)
        return self.answer()

    def answer(self) -> Response:
        return Response(AllowanceOutput.answer(allowance_of(self.caller_id, at=clock.now())))
