"""The first steps, and how far I have come."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.onboarding import onboarding_of
from wallet_project.kit.api.serializers import OutputSerializer, TimeField
from wallet_project.kit.api.views import Door


class ShowOnboarding(Door):
    """What a new customer does first; each step is noted by itself when it is done."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class Step(OutputSerializer):
            key = serializers.CharField(source="step.key")
            title = serializers.CharField(source="step.title")
            text = serializers.CharField(source="step.text")
            reward_text = serializers.CharField(source="step.reward_text", help_text="没有奖励时为空")
            done_at = TimeField(allow_null=True, help_text="未完成时为 null")

        steps = Step(many=True)
        done = serializers.IntegerField(help_text="已完成的步数")
        total = serializers.IntegerField()
        finished_at = TimeField(allow_null=True, help_text="首次全部完成的时间")

    @extend_schema(
        summary="新手任务 My first steps",
        tags=["新手与安全 onboarding"],
        responses=Output,
        examples=[
            OpenApiExample(
                "完成了一步",
                value={
                    "steps": [
                        {
                            "key": "bind_phone",
                            "title": "绑定手机号",
                            "text": "用于登录、找回支付密码和接收安全提醒。",
                            "reward_text": "",
                            "done_at": "2026-11-21T20:15:30+08:00",
                        },
                        {
                            "key": "set_pin",
                            "title": "设置支付密码",
                            "text": "付款时用它确认是您本人。",
                            "reward_text": "",
                            "done_at": None,
                        },
                    ],
                    "done": 1,
                    "total": 2,
                    "finished_at": None,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer(onboarding_of(self.caller_id)))
