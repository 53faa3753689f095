"""Find somebody to pay; how others find me."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import PhoneField
from accounts.api.permissions import LoggedIn
from wallet.errors import (
    NotInThisMode,
    PayeeCannotReceive,
    PayeeIsYourself,
    PayeeLookupsUsedUp,
    PayeeNotFound,
    ReceiveCodeRefused,
)
from wallet.selectors.payees import is_findable_by_phone
from wallet.services.payees import choose_findable, payee_by_phone, payee_by_receive_code
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictBooleanField,
    StrictCharField,
)
from wallet_project.kit.api.views import Door


class PayeeTokenField(StrictCharField):
    """As it came from POST wallet/payees, or from the request of somebody who wants to be paid."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=2000, help_text="POST wallet/payees 返回的 payee_token，十分钟有效", **options
        )


class PayeeOutput(OutputSerializer):
    payee_token = serializers.CharField(source="token", help_text="付款时带上；只对您有效")
    nickname = serializers.CharField(source="hint.nickname")
    name_masked = serializers.CharField(
        source="hint.name_masked", allow_null=True, help_text="张*；对方未实名时为 null"
    )
    amount = FenField(allow_null=True, help_text="对方收款码里设定的金额；付款金额须与之相同")
    remark = serializers.CharField(help_text="对方收款码里的说明")
    expires_in = serializers.IntegerField(help_text="秒")


class FindPayee(Door):
    """Who it is that I am about to pay, before I pay them: by phone, or by the code on their screen."""

    permission_classes = [LoggedIn]
    throttle_scope = "phone"
    errors = (
        PayeeNotFound,
        PayeeIsYourself,
        PayeeCannotReceive,
        PayeeLookupsUsedUp,
        ReceiveCodeRefused,
        NotInThisMode,
    )

    class Input(InputSerializer):
        phone = PhoneField(required=False)
        receive_code = StrictCharField(max_length=2000, required=False, help_text="扫到的收款码内容")

        def validate(self, wish: dict) -> dict:
            if len(wish) != 1:
                raise serializers.ValidationError({"phone": [_("手机号和收款码，填写其中一个")]})
            return wish

    @extend_schema(
        summary="查找收款人 Find somebody to pay",
        tags=["转账 transfers"],
        request=Input,
        responses=PayeeOutput,
        examples=[
            OpenApiExample("按手机号", value={"phone": "13800138000"}, request_only=True),
            OpenApiExample("扫收款码", value={"receive_code": "AQABx7…"}, request_only=True),
            OpenApiExample(
                "请与对方核对",
                value={
                    "payee_token": "AQABq3C5…",
                    "nickname": "小明",
                    "name_masked": "张*",
                    "amount": None,
                    "remark": "",
                    "expires_in": 600,
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        if "phone" in wish:
            payee = payee_by_phone(asker_id=self.caller_id, phone=wish["phone"])
        else:
            payee = payee_by_receive_code(asker_id=self.caller_id, code=wish["receive_code"])
        return Response(PayeeOutput.answer(payee))


class MyPayeeSettings(Door):
    """Whether others find me by my phone. With the code on my screen I can always be paid."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Input(InputSerializer):
        findable_by_phone = StrictBooleanField()

    class Output(OutputSerializer):
        findable_by_phone = serializers.BooleanField(help_text="关闭后，别人不能再通过手机号找到您并付款")

    _EXAMPLE = OpenApiExample("可被找到", value={"findable_by_phone": True})

    @extend_schema(
        operation_id="show_payee_settings",
        summary="收款设置 How others find me",
        tags=["转账 transfers"],
        responses=Output,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return self.answer()

    @extend_schema(
        operation_id="choose_payee_settings",
        summary="修改收款设置 Change how others find me",
        tags=["转账 transfers"],
        request=Input,
        responses=Output,
        examples=[_EXAMPLE],
    )
    def put(self, request: Request) -> Response:
        choose_findable(user_id=self.caller_id, **self.Input.read(request))
        return self.answer()

    def answer(self) -> Response:
        return Response(self.Output.of(findable_by_phone=is_findable_by_phone(self.caller_id)).data)
