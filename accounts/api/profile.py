"""Show me, rename me."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import Recognised
from accounts.errors import NicknameRefused
from accounts.selectors.users import profile_of
from accounts.services.profile import change_nickname
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.api.views import Door


class ProfileOutput(OutputSerializer):
    uid = serializers.CharField()
    nickname = serializers.CharField()
    phone_masked = serializers.CharField(allow_null=True, help_text="未绑定时为 null")
    created_at = TimeField()


PROFILE = OpenApiExample(
    "我",
    value={
        "uid": "0b1f6b0e-52a8-4a0e-9f3e-0e4f7f9a1c55",
        "nickname": "微信用户0421",
        "phone_masked": "138****8000",
        "created_at": "2026-11-21T20:15:30+08:00",
    },
    response_only=True,
)


class Me(Door):
    """Who I am, as far as I am shown."""

    permission_classes = [Recognised]
    throttle_scope = "read"
    errors = (NicknameRefused,)

    @extend_schema(
        summary="我的资料 My profile", tags=["账户 accounts"], responses=ProfileOutput, examples=[PROFILE]
    )
    def get(self, request: Request) -> Response:
        return Response(ProfileOutput.answer(profile_of(self.caller_id)))

    class Input(InputSerializer):
        nickname = StrictCharField(max_length=64, help_text="最多 20 个字，不能冒充官方或客服")

    @extend_schema(
        summary="修改昵称 Change my nickname",
        tags=["账户 accounts"],
        request=Input,
        responses=ProfileOutput,
        examples=[PROFILE, OpenApiExample("改名", value={"nickname": "小明"}, request_only=True)],
    )
    def patch(self, request: Request) -> Response:
        wish = self.Input.read(request)
        return Response(ProfileOutput.answer(change_nickname(user_id=self.caller_id, **wish)))
