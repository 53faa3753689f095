"""Bind, change."""

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import CodeField, PhoneField
from accounts.api.permissions import LoggedIn
from accounts.api.phone_login import SENT_CODE, SentCodeOutput
from accounts.api.profile import PROFILE, ProfileOutput
from accounts.errors import (
    SCREENING_ERRORS,
    CodeRefused,
    FactorMissing,
    OperationRefused,
    PhoneAlreadyBound,
    PhoneChangeNeeded,
    PhoneCodeRefused,
    PhoneNotBound,
    PinNotSet,
    SmsTooOften,
    SmsUnavailable,
    StepUpRefused,
    StepUpRequired,
    WeChatUnavailable,
)
from accounts.selectors.sessions import Holder
from accounts.services.phones import bind_phone, bind_phone_by_code, change_phone, send_phone_code
from wallet_project.kit.api.serializers import InputSerializer, StrictCharField
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused


class ProvenPhoneInput(InputSerializer):
    phone = PhoneField()
    code = CodeField()


_MERGING = (
    "该号码已有账户、且两个账户之一没有余额、订单和进行中业务时，两者合并为一个。"
    "返回的是保留的账户；合并后所有会话都会结束，请重新登录。"
)
PROVEN_PHONE = OpenApiExample(
    "验证新号码", value={"phone": "13900139000", "code": "073521"}, request_only=True
)


class MyPhone(Door):
    """The number I am reached at."""

    permission_classes = [LoggedIn]
    throttle_scope = "phone"
    errors = (
        PhoneCodeRefused,
        PhoneAlreadyBound,
        PhoneChangeNeeded,
        PhoneNotBound,
        CodeRefused,
        StepUpRequired,
        StepUpRefused,
        *SCREENING_ERRORS,
        OperationRefused,
        FactorMissing,
        PinNotSet,
        WeChatUnavailable,
    )

    class Input(InputSerializer):
        code = StrictCharField(max_length=128, help_text="getPhoneNumber 按钮回调中的 code，只能用一次")

    @extend_schema(
        summary="绑定手机号 Bind a phone number",
        description=_MERGING,
        tags=["账户 accounts"],
        request=Input,
        responses=ProfileOutput,
        examples=[PROFILE, OpenApiExample("授权", value={"code": "e31968a7…"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        return Response(ProfileOutput.answer(bind_phone(user_id=self.caller_id, **wish)))

    @extend_schema(
        summary="更换手机号 Change my phone number",
        description=(
            "先向新号码获取验证码（me/phone/codes），再带上它请求；首次回答 428，"
            "按其中的方式验证原号码与支付密码后，带 Step-Up-Grant 重发。24 小时内暂停提现，其他设备退出登录。"
        ),
        tags=["账户 accounts"],
        request=ProvenPhoneInput,
        responses=ProfileOutput,
        examples=[PROFILE, PROVEN_PHONE],
    )
    def put(self, request: Request) -> Response:
        user = change_phone(
            user_id=self.caller_id,
            device_id=self.device_id,
            session_id=cast(Holder, request.auth).session_id,
            grant=self.step_up_grant,
            **ProvenPhoneInput.read(request),
        )
        return Response(ProfileOutput.answer(user))


class SendPhoneCode(Door):
    """A code to the number that I want to bind or to change to."""

    permission_classes = [LoggedIn]
    throttle_scope = "phone"
    errors = (SmsTooOften, SmsUnavailable, Paused)

    class Input(InputSerializer):
        phone = PhoneField()

    @extend_schema(
        summary="获取绑定验证码 Send a code to my new number",
        tags=["账户 accounts"],
        request=Input,
        responses=SentCodeOutput,
        examples=[
            SENT_CODE,
            OpenApiExample("新号码", value={"phone": "13900139000"}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        return Response(SentCodeOutput.answer(send_phone_code(user_id=self.caller_id, **wish)))


class BindPhoneByCode(Door):
    """The code sent to a number makes it mine, where WeChat's button is of no use."""

    permission_classes = [LoggedIn]
    throttle_scope = "phone"
    errors = (CodeRefused, PhoneAlreadyBound, PhoneChangeNeeded, *SCREENING_ERRORS)

    @extend_schema(
        summary="短信绑定手机号 Bind a phone number by its code",
        description=_MERGING,
        tags=["账户 accounts"],
        request=ProvenPhoneInput,
        responses=ProfileOutput,
        examples=[PROFILE, PROVEN_PHONE],
    )
    def post(self, request: Request) -> Response:
        wish = ProvenPhoneInput.read(request)
        return Response(ProfileOutput.answer(bind_phone_by_code(user_id=self.caller_id, **wish)))
