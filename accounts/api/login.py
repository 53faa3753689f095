"""Log in, refresh, log out."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.agreements import ShownAgreements
from accounts.api.fields import DeviceIdField
from accounts.api.permissions import Recognised
from accounts.errors import (
    SCREENING_ERRORS,
    AccountClosed,
    AccountFrozen,
    AgreementOutdated,
    TokenInvalid,
    WeChatCodeRefused,
    WeChatUnavailable,
)
from accounts.selectors.closures import closes_at
from accounts.selectors.sessions import Holder
from accounts.services.login import Login, log_in
from accounts.services.sessions import log_out, refresh_session
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.api.views import Door

_TOKENS = {
    "access_token": "Zk1…family.u8Y…secret",
    "expires_in": 7200,
    "refresh_token": "Zk1…family.q3T…secret",
}


class TokensOutput(OutputSerializer):
    access_token = serializers.CharField(help_text="放在 Authorization: Bearer 中")
    expires_in = serializers.IntegerField(help_text="access_token 的剩余秒数")
    refresh_token = serializers.CharField(help_text="只能用一次，换取新的一对")


class LogInOutput(TokensOutput):
    class Person(OutputSerializer):
        uid = serializers.CharField()
        nickname = serializers.CharField()
        phone_masked = serializers.CharField(allow_null=True)
        is_new = serializers.BooleanField(help_text="刚刚注册")
        closes_at = TimeField(allow_null=True, help_text="账户将在此时注销，仍可撤回；没有申请注销时为 null")

    user = Person()

    @classmethod
    def of_login(cls, login: Login) -> dict[str, Any]:
        person = {
            "uid": login.user.uid,
            "nickname": login.user.nickname,
            "phone_masked": login.user.phone_masked,
            "is_new": login.is_new,
            "closes_at": closes_at(login.user.pk),
        }
        return {**TokensOutput.answer(login.tokens), "user": cls.Person.answer(person)}


LOGIN = OpenApiExample(
    "首次登录",
    value={
        **_TOKENS,
        "user": {
            "uid": "0b1f6b0e-52a8-4a0e-9f3e-0e4f7f9a1c55",
            "nickname": "微信用户0421",
            "phone_masked": None,
            "is_new": True,
            "closes_at": None,
        },
    },
    response_only=True,
)


class LogIn(Door):
    """A WeChat login code becomes a session; the first time, a user."""

    authentication_classes = []  # an old token in the header must not keep anybody from logging in
    permission_classes = [Anyone]
    throttle_scope = "login"
    errors = (
        WeChatCodeRefused,
        WeChatUnavailable,
        AccountFrozen,
        AccountClosed,
        AgreementOutdated,
        *SCREENING_ERRORS,
    )

    class Input(InputSerializer):
        code = StrictCharField(max_length=128, help_text="wx.login 得到的 code，只能用一次")
        device_id = DeviceIdField()
        device_name = StrictCharField(max_length=64, required=False, help_text="如 iPhone 15")
        platform = StrictCharField(max_length=32, required=False, help_text="如 ios、android、devtools")
        agreements = ShownAgreements(required=False)

    @extend_schema(
        summary="微信登录 Log in with WeChat",
        tags=["账户 accounts"],
        request=Input,
        responses=LogInOutput,
        examples=[
            LOGIN,
            OpenApiExample("登录", value={"code": "0a3Xk…", "device_id": "d-7f2c9e51"}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        return Response(LogInOutput.of_login(log_in(**self.Input.read(request))))


class Refresh(Door):
    """New tokens for the refresh token. A token used twice ends the session, a repeated request does not."""

    authentication_classes = []  # the refresh token in the body is the proof
    permission_classes = [Anyone]
    throttle_scope = "login"
    errors = (TokenInvalid, AccountFrozen, AccountClosed)

    class Input(InputSerializer):
        refresh_token = StrictCharField(max_length=128)
        device_id = DeviceIdField()

    @extend_schema(
        summary="刷新登录凭证 Refresh the tokens",
        tags=["账户 accounts"],
        request=Input,
        responses=TokensOutput,
        examples=[
            OpenApiExample(
                "旧的一对",
                value={
                    "refresh_token": "Zk1…family.m7D…secret",
                    "device_id": "d-7f2c9e51",
                },
                request_only=True,
            ),
            OpenApiExample("新的一对", value=_TOKENS, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        return Response(TokensOutput.answer(refresh_session(**wish)))


class LogOut(Door):
    """End this session; both its tokens are dead at once."""

    permission_classes = [Recognised]
    throttle_scope = "write"

    @extend_schema(summary="退出登录 Log out", tags=["账户 accounts"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        log_out(session_id=cast(Holder, request.auth).session_id)
        return Response(status=204)
