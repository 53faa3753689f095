"""Bind."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.api.profile import PROFILE, ProfileOutput
from accounts.errors import (
    PhoneAlreadyBound,
    PhoneChangeRefused,
    PhoneCodeRefused,
    WeChatUnavailable,
)
from accounts.services.phones import bind_phone
from wallet_project.kit.api.serializers import InputSerializer, StrictCharField
from wallet_project.kit.api.views import Door


class BindPhone(Door):
    """A phone code from WeChat's getPhoneNumber button becomes my number."""

    permission_classes = [LoggedIn]
    throttle_scope = "phone"
    errors = (
        PhoneCodeRefused,
        PhoneAlreadyBound,
        PhoneChangeRefused,
        WeChatUnavailable,
    )

    class Input(InputSerializer):
        code = StrictCharField(max_length=128, help_text="getPhoneNumber 按钮回调中的 code，只能用一次")

    @extend_schema(
        summary="绑定手机号 Bind a phone number",
        tags=["账户 accounts"],
        request=Input,
        responses=ProfileOutput,
        examples=[PROFILE, OpenApiExample("授权", value={"code": "e31968a7…"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        return Response(ProfileOutput.answer(bind_phone(user_id=self.caller_id, **wish)))
