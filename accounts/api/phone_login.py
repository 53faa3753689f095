"""Log in with a phone and the code sent to it."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.agreements import ShownAgreements
from accounts.api.fields import CodeField, DeviceIdField, PhoneField
from accounts.api.login import LOGIN, LogInOutput
from accounts.errors import (
    SCREENING_ERRORS,
    AccountClosed,
    AccountFrozen,
    AgreementOutdated,
    CodeRefused,
    SmsTooOften,
    SmsUnavailable,
)
from accounts.rules.codes import CodePurpose
from accounts.services.codes import send_code
from accounts.services.login import log_in_by_phone
from wallet_project.kit import context
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused


class SentCodeOutput(OutputSerializer):
    phone_masked = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="验证码的有效秒数")
    resend_in = serializers.IntegerField(help_text="多少秒后可再次获取")


SENT_CODE = OpenApiExample(
    "已发送",
    value={"phone_masked": "138****8000", "expires_in": 300, "resend_in": 60},
    response_only=True,
)


class SendLoginCode(Door):
    """A code to a phone, to log in with. The answer is the same whether or not the phone has an account."""

    authentication_classes = []  # whoever has forgotten who they were asks as anybody
    permission_classes = [Anyone]
    throttle_scope = "login"
    errors = (SmsTooOften, SmsUnavailable, Paused)

    class Input(InputSerializer):
        phone = PhoneField()
        device_id = DeviceIdField()

    @extend_schema(
        summary="获取登录验证码 Send a login code",
        tags=["账户 accounts"],
        request=Input,
        responses=SentCodeOutput,
        examples=[
            SENT_CODE,
            OpenApiExample(
                "获取", value={"phone": "13800138000", "device_id": "d-7f2c9e51"}, request_only=True
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        context.fill_in(device_id=wish["device_id"])
        return Response(SentCodeOutput.answer(send_code(purpose=CodePurpose.LOGIN, phone=wish["phone"])))


class PhoneLogIn(Door):
    """The code that was sent to my phone becomes a session; the first time, a user."""

    authentication_classes = []  # an old token in the header must not keep anybody from logging in
    permission_classes = [Anyone]
    throttle_scope = "login"
    errors = (CodeRefused, AccountFrozen, AccountClosed, AgreementOutdated, *SCREENING_ERRORS)

    class Input(InputSerializer):
        phone = PhoneField()
        code = CodeField()
        device_id = DeviceIdField()
        device_name = StrictCharField(max_length=64, required=False, help_text="如 iPhone 15")
        platform = StrictCharField(max_length=32, required=False, help_text="如 ios、android、devtools")
        agreements = ShownAgreements(required=False)

    @extend_schema(
        summary="手机号登录 Log in with a phone",
        tags=["账户 accounts"],
        request=Input,
        responses=LogInOutput,
        examples=[
            LOGIN,
            OpenApiExample(
                "登录",
                value={"phone": "13800138000", "code": "073521", "device_id": "d-7f2c9e51"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        return Response(LogInOutput.of_login(log_in_by_phone(**self.Input.read(request))))
