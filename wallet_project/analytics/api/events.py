"""What happens in the mini-program itself, told in batches."""

from typing import Any, cast

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import DeviceIdField
from accounts.api.permissions import require_agreement
from accounts.errors import ConsentRequired
from accounts.selectors.sessions import Holder
from wallet_project.analytics.rules.events import CLIENT, MOST_AT_ONCE, wrong_properties
from wallet_project.analytics.services.client_events import ClientEvent, keep_client_events
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door


class Platform(TextChoices):
    IOS = "ios", "iOS"
    ANDROID = "android", "Android"
    HARMONY = "ohos", "HarmonyOS"
    DESKTOP = "desktop", "电脑"


class EventInput(InputSerializer):
    id = serializers.UUIDField(help_text="客户端生成的 UUID，重发时不变")
    name = serializers.ChoiceField(choices=list(CLIENT))
    at = serializers.DateTimeField(help_text="发生时间，ISO 8601；早于七天前或晚于现在的按边界计")
    properties = serializers.DictField(
        required=False,
        default=dict,
        help_text="opened：scene；viewed：screen、seconds；tapped：screen、target；shared：screen；failed：screen、code",
    )

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        if wrong := wrong_properties(told["name"], told["properties"]):
            raise serializers.ValidationError(
                {"properties": {key: [_("不支持的属性或取值")] for key in wrong}}
            )
        return told


class KeepEvents(Door):
    """
    Up to fifty at once, with or without a login; whoever has logged in agrees to every mandatory text. Sent
    again, nothing counts twice.
    """

    permission_classes = [Anyone]
    throttle_scope = "events"
    errors = (ConsentRequired,)

    class Input(InputSerializer):
        device_id = DeviceIdField()
        platform = serializers.ChoiceField(choices=Platform.choices)
        events = serializers.ListField(child=EventInput(), min_length=1, max_length=MOST_AT_ONCE)

    class Output(OutputSerializer):
        kept = serializers.IntegerField(help_text="其中新的条数；重复的不再计")

    @extend_schema(
        operation_id="keep_events",
        summary="上报行为事件 What happened in the mini-program",
        tags=["行为事件 events"],
        request=Input,
        responses=Output,
        examples=[
            OpenApiExample(
                "打开并浏览",
                value={
                    "device_id": "d-7f2c9e51",
                    "platform": "ios",
                    "events": [
                        {
                            "id": "6f9c1f2e-0b57-4c55-9a5e-3a7f6a0a7d11",
                            "name": "opened",
                            "at": "2026-11-28T20:15:30+08:00",
                            "properties": {"scene": 1001},
                        },
                        {
                            "id": "b7c2f6f4-6a0b-4b25-8df5-52b6f1c0a3d2",
                            "name": "viewed",
                            "at": "2026-11-28T20:15:41+08:00",
                            "properties": {"screen": "coupons", "seconds": 11},
                        },
                    ],
                },
                request_only=True,
            ),
            OpenApiExample("已收到", value={"kept": 2}, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        if request.auth is not None:
            require_agreement(cast(Holder, request.auth))
        told = self.Input.read(request)
        kept = keep_client_events(
            device_id=told["device_id"],
            platform=told["platform"],
            user_id=cast(int, request.user.pk) if request.user else None,
            events=[ClientEvent(**event) for event in told["events"]],
        )
        return Response(self.Output.answer({"kept": kept}))
