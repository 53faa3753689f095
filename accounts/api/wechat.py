"""Link my WeChat."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.api.profile import PROFILE, ProfileOutput
from accounts.errors import (
    WeChatAlreadyLinked,
    WeChatBelongsToAnother,
    WeChatCodeRefused,
    WeChatUnavailable,
)
from accounts.services.merging import link_wechat
from wallet_project.kit.api.serializers import InputSerializer, StrictCharField
from wallet_project.kit.api.views import Door


class LinkWeChat(Door):
    """Who came by phone may also come, and pay, by WeChat from now on."""

    permission_classes = [LoggedIn]
    throttle_scope = "phone"
    errors = (WeChatCodeRefused, WeChatUnavailable, WeChatAlreadyLinked, WeChatBelongsToAnother)

    class Input(InputSerializer):
        code = StrictCharField(max_length=128, help_text="wx.login 得到的 code，只能用一次")

    @extend_schema(
        summary="关联微信 Link my WeChat",
        description=(
            "该微信已有账户时，两个账户合并为一个：没有余额、订单和进行中业务的那个被关闭。"
            "返回的是保留的账户；合并后所有会话都会结束，请重新登录。"
        ),
        tags=["账户 accounts"],
        request=Input,
        responses=ProfileOutput,
        examples=[PROFILE, OpenApiExample("授权", value={"code": "0a3Xk…"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        return Response(ProfileOutput.answer(link_wechat(user_id=self.caller_id, **wish)))
