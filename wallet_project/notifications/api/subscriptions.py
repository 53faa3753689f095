"""Which subscribe messages I let through."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door
from wallet_project.notifications.errors import UnknownTemplate
from wallet_project.notifications.rules.quotas import PopupAnswer
from wallet_project.notifications.selectors.subscribe import quotas_of
from wallet_project.notifications.services.quotas import report_popup

AT_ONCE = 5  # templates in one popup; WeChat shows three
_MONEY = "Sbx0money_AccountChangeNotice_000000000001"
_EXAMPLE: dict[str, Any] = {"items": [{"template_id": _MONEY, "title": "账户变动提醒", "left": 2}]}


class SubscriptionsOutput(OutputSerializer):
    class TemplateOutput(OutputSerializer):
        template_id = serializers.CharField(help_text="交给 wx.requestSubscribeMessage 的 tmplIds")
        title = serializers.CharField()
        left = serializers.IntegerField(help_text="还可发送的条数；为 0 时可以再次请求订阅")

    items = TemplateOutput(many=True)


class Subscriptions(Door):
    """The templates to ask for; POST: what the person answered."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (UnknownTemplate,)

    class Input(InputSerializer):
        class AnswerInput(InputSerializer):
            template_id = serializers.CharField(max_length=64)
            answer = serializers.ChoiceField(
                choices=PopupAnswer.choices, help_text="wx.requestSubscribeMessage 返回的值，原样"
            )

        answers = serializers.ListField(child=AnswerInput(), min_length=1, max_length=AT_ONCE)

    @extend_schema(
        operation_id="show_subscriptions",
        summary="订阅消息模板 Subscribe message templates",
        tags=["消息 notifications"],
        responses=SubscriptionsOutput,
        examples=[OpenApiExample("还可发送两条", value=_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return self._standing()

    @extend_schema(
        operation_id="report_subscriptions",
        summary="上报订阅结果 Report what was answered",
        tags=["消息 notifications"],
        request=Input,
        responses=SubscriptionsOutput,
        examples=[
            OpenApiExample(
                "同意一条",
                value={"answers": [{"template_id": _MONEY, "answer": "accept"}]},
                request_only=True,
            ),
            OpenApiExample("还可发送两条", value=_EXAMPLE, response_only=True),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        accepted = {
            each["template_id"]
            for each in self.Input.read(request)["answers"]
            if PopupAnswer(each["answer"]).lets_through
        }
        report_popup(user_id=self.caller_id, accepted=sorted(accepted))
        return self._standing()

    def _standing(self) -> Response:
        return Response(SubscriptionsOutput.answer({"items": quotas_of(self.caller_id)}))
