"""What a client must know before it shows anything: what is on, limits, texts in force, versions, hours."""

from typing import Any, Final

from django.conf import settings
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.agreements import DOCUMENT, DocumentOutput
from accounts.selectors.agreements import current_agreements, document
from feedback.rules.chats import LONGEST_MESSAGE
from feedback.selectors.calendars import hours_in_words_by_name
from wallet.rules.red_packets import GREETING_LONGEST
from wallet.rules.splits import LONGEST_TITLE
from wallet.rules.transfers import LONGEST_REMARK
from wallet_project.flags.models import Feature
from wallet_project.flags.selectors import all_for
from wallet_project.kit import clock
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import OutputSerializer
from wallet_project.kit.api.views import Door
from wallet_project.notifications.selectors.subscribe import usable_templates

_FRESH_SECONDS: Final = 60
# Characters; longer ones are refused with INVALID_INPUT.
LONGEST: Final = {
    "transfer_remark": LONGEST_REMARK,
    "split_title": LONGEST_TITLE,
    "red_packet_greeting": GREETING_LONGEST,
    "chat_message": LONGEST_MESSAGE,
}


class ClientConfig(Door):
    """
    For everybody, with or without a token; with one it says what is open to this very person. Good for a
    minute: ask at each start, and when the client comes back to the front.
    """

    permission_classes = [Anyone]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class ClientOutput(OutputSerializer):
            minimum = serializers.CharField(help_text="更旧的版本不能办理业务：426 CLIENT_TOO_OLD；空：不限")
            latest = serializers.CharField(help_text="有更新时可提示；空：不提示")
            message = serializers.CharField(help_text="提示更新时可直接展示")

        class HoursOutput(OutputSerializer):
            name = serializers.CharField()
            words = serializers.CharField(help_text="可直接展示")

        class TemplateOutput(OutputSerializer):
            template_id = serializers.CharField(help_text="交给 wx.requestSubscribeMessage，一次最多三个")
            title = serializers.CharField()

        features = serializers.DictField(
            child=serializers.BooleanField(), help_text="功能是否对当前用户开放；没有列出的视为关闭"
        )
        limits = serializers.DictField(child=serializers.IntegerField(), help_text="文字最多多少个字")
        agreements = DocumentOutput(many=True, help_text="现行协议；版本有变时请重新展示")
        client = ClientOutput()
        service_hours = HoursOutput(many=True)
        subscribe_templates = TemplateOutput(many=True, help_text="可以请求订阅的消息模板")

    @extend_schema(
        operation_id="show_config",
        summary="客户端配置 What a client must know",
        tags=["客户端配置 config"],
        responses=Output,
        examples=[
            OpenApiExample(
                "启动时",
                value={
                    "features": dict.fromkeys(Feature.values, True),
                    "limits": LONGEST,
                    "agreements": [DOCUMENT],
                    "client": {"minimum": "1.2.0", "latest": "1.4.1", "message": ""},
                    "service_hours": [{"name": "客服", "words": "每天 09:00–21:00，节假日照常"}],
                    "subscribe_templates": [
                        {
                            "template_id": "Sbx0money_AccountChangeNotice_000000000001",
                            "title": "账户变动提醒",
                        }
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        shown: dict[str, Any] = {
            "features": all_for(getattr(request.user, "pk", None)),
            "limits": LONGEST,
            "agreements": [document(version) for version in current_agreements(clock.now())],
            "client": settings.CLIENT,
            "service_hours": [{"name": name, "words": words} for name, words in hours_in_words_by_name()],
            "subscribe_templates": usable_templates(),
        }
        kept_by = "private" if request.user else "public"
        response = Response(
            self.Output.answer(shown), headers={"Cache-Control": f"{kept_by}, max-age={_FRESH_SECONDS}"}
        )
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        return response
