"""By which way I came, and my own code to bring others."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.errors import CodeNotAvailable
from coupons.rules.scenes import MOST, scene_of
from coupons.services.channels import note_touch, picture_of
from coupons.services.referrals import invite_code_of
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField
from wallet_project.kit.api.views import Door


class Touches(Door):
    """The mini-program was opened with a scene; told after every login that has one."""

    permission_classes = [LoggedIn]
    throttle_scope = "claim"

    class Input(InputSerializer):
        scene = StrictCharField(max_length=MOST, help_text="wx.getLaunchOptionsSync 的 scene，解码后原样传入")

    class Output(OutputSerializer):
        is_bound = serializers.BooleanField(help_text="是否已绑定 scene 中的邀请人")

    @extend_schema(
        operation_id="note_touch",
        summary="记录来源 Say with which scene I came",
        tags=["邀请 referral"],
        request=Input,
        responses=Output,
        examples=[
            OpenApiExample("渠道与邀请码", value={"scene": "c=KOL-ALICE&i=K7QW2MXA"}, request_only=True),
            OpenApiExample("已绑定", value={"is_bound": True}, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        is_bound = note_touch(user_id=self.caller_id, **self.Input.read(request))
        return Response(self.Output.answer({"is_bound": is_bound}))


class MyInviteCode(Door):
    """My own mini-program code as a picture."""

    permission_classes = [LoggedIn]
    throttle_scope = "claim"
    errors = (CodeNotAvailable,)

    class Query(InputSerializer):
        width = serializers.IntegerField(min_value=280, max_value=1280, help_text="图片边长，像素")

    @extend_schema(
        operation_id="show_invite_picture",
        summary="我的邀请小程序码 My mini-program code, a picture",
        tags=["邀请 referral"],
        parameters=[Query],
        responses={(200, "image/png"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: Request) -> HttpResponse:
        width = self.Query.read_query(request)["width"]
        picture = picture_of(scene_of(invite=invite_code_of(self.caller_id).code), width=width)
        kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
        return HttpResponse(picture, content_type=kind)
