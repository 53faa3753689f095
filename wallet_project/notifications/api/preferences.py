"""How I want to be told, and of what I do not."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    StrictBooleanField,
    StrictCharField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.notifications.api.inbox import TAGS
from wallet_project.notifications.errors import MustBeTold, QuietHoursOfNoLength
from wallet_project.notifications.rules.notices import EXEMPT, Category, ChannelKind
from wallet_project.notifications.selectors.notices import may_be_courted
from wallet_project.notifications.selectors.preferences import wishes_of
from wallet_project.notifications.services.preferences import (
    choose_channel,
    choose_reading,
    unsubscribe,
    unsubscribe_from,
)

_CLOCK: Any = {"format": "%H:%M", "input_formats": ["%H:%M"]}
_CHOSEN: dict[str, Any] = {
    "language": "zh-hans",
    "has_quiet_hours": True,
    "quiet_from": "22:00",
    "quiet_until": "08:00",
    "categories": [
        {
            "category": "GROWTH",
            "title": "优惠活动",
            "may_be_turned_off": True,
            "needs_consent": False,
            "channels": [
                {"channel": "INBOX", "title": "消息中心", "wanted": True},
                {"channel": "SUBSCRIBE", "title": "微信订阅消息", "wanted": True},
                {"channel": "SMS", "title": "短信", "wanted": False},
            ],
        }
    ],
}
_EXAMPLE = OpenApiExample("设置", value=_CHOSEN, response_only=True)


class PreferencesOutput(OutputSerializer):
    class CategoryOutput(OutputSerializer):
        class ChannelOutput(OutputSerializer):
            channel = serializers.ChoiceField(choices=ChannelKind.choices)
            title = serializers.CharField(help_text="渠道的名称")
            wanted = serializers.BooleanField()

        category = serializers.ChoiceField(choices=Category.choices)
        title = serializers.CharField(help_text="类别的名称")
        may_be_turned_off = serializers.BooleanField(help_text="账户安全与协议类消息不能关闭")
        needs_consent = serializers.BooleanField(
            help_text="还没有同意接收营销信息，这一类不会发送；在 me/marketing 开启"
        )
        channels = ChannelOutput(many=True)

    language = serializers.ChoiceField(choices=settings.LANGUAGES, help_text="消息用哪种语言写")
    has_quiet_hours = serializers.BooleanField(help_text="免打扰时段内不推送，推迟到时段结束")
    quiet_from = serializers.TimeField(**_CLOCK, help_text="免打扰开始，北京时间")
    quiet_until = serializers.TimeField(**_CLOCK, help_text="免打扰结束，早于开始即到第二天；不能与开始相同")
    categories = CategoryOutput(many=True)


def _chosen(user_id: int) -> Response:
    wishes = wishes_of(user_id)
    return Response(
        PreferencesOutput.answer(
            {
                "language": wishes.reader.language,
                "has_quiet_hours": wishes.reader.has_quiet_hours,
                "quiet_from": wishes.reader.quiet_from,
                "quiet_until": wishes.reader.quiet_until,
                "categories": [
                    {
                        "category": category.value,
                        "title": category.label,
                        "may_be_turned_off": category not in EXEMPT,
                        "needs_consent": not may_be_courted(user_id, category),
                        "channels": [
                            {
                                "channel": channel.value,
                                "title": channel.label,
                                "wanted": (category, channel) not in wishes.off,
                            }
                            for channel in ChannelKind
                        ],
                    }
                    for category in Category
                ],
            }
        )
    )


class Preferences(Door):
    """In which language, when not, and what over which channel."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (QuietHoursOfNoLength,)

    class Input(InputSerializer):
        language = serializers.ChoiceField(required=False, choices=settings.LANGUAGES)
        has_quiet_hours = StrictBooleanField(required=False)
        quiet_from = serializers.TimeField(required=False, **_CLOCK)
        quiet_until = serializers.TimeField(required=False, **_CLOCK)

    @extend_schema(
        operation_id="show_message_preferences",
        summary="消息设置 How I want to be told",
        tags=TAGS,
        responses=PreferencesOutput,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        return _chosen(self.caller_id)

    @extend_schema(
        operation_id="choose_message_preferences",
        summary="修改语言和免打扰 Choose language and quiet hours",
        tags=TAGS,
        request=Input,
        responses=PreferencesOutput,
        examples=[
            OpenApiExample(
                "更晚一些", value={"quiet_from": "23:30", "quiet_until": "07:00"}, request_only=True
            ),
            _EXAMPLE,
        ],
    )
    def put(self, request: Request) -> Response:
        choose_reading(user_id=self.caller_id, **self.Input.read(request))
        return _chosen(self.caller_id)


class ChannelPreference(Door):
    """One category over one channel."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (MustBeTold, NotFound)

    class Input(InputSerializer):
        wanted = StrictBooleanField()

    @extend_schema(
        operation_id="choose_message_channel",
        summary="开关一个渠道 Turn a channel on or off",
        tags=TAGS,
        request=Input,
        responses=PreferencesOutput,
        examples=[OpenApiExample("关闭", value={"wanted": False}, request_only=True), _EXAMPLE],
    )
    def put(self, request: Request, category: str, channel: str) -> Response:
        if category not in Category.values or channel not in ChannelKind.values:
            raise NotFound
        choose_channel(
            user_id=self.caller_id,
            category=Category(category),
            channel=ChannelKind(channel),
            **self.Input.read(request),
        )
        return _chosen(self.caller_id)


class Unsubscriptions(Door):
    """One tap, and a category is over, on all channels."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (MustBeTold, NotFound)

    class Input(InputSerializer):
        category = serializers.ChoiceField(required=False, choices=Category.choices)
        message = StrictCharField(required=False, max_length=32, help_text="从哪条消息退订（编号）")

        def validate(self, given: dict[str, Any]) -> dict[str, Any]:
            if len(given) != 1:
                raise serializers.ValidationError({"category": [_("类别和消息编号请填一个")]})
            return given

    @extend_schema(
        operation_id="unsubscribe",
        summary="一键退订 Unsubscribe",
        tags=TAGS,
        request=Input,
        responses=PreferencesOutput,
        examples=[
            OpenApiExample(
                "从一条消息", value={"message": "X261129083000123X7Q4K0M2Z9XWD8"}, request_only=True
            ),
            _EXAMPLE,
        ],
    )
    def post(self, request: Request) -> Response:
        match self.Input.read(request):
            case {"message": number}:
                unsubscribe_from(user_id=self.caller_id, message=number)
            case {"category": category}:
                unsubscribe(user_id=self.caller_id, category=Category(category))
        return _chosen(self.caller_id)
