"""Stories that I share, and that are shared with me."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.errors import StoryNotShown
from coupons.selectors.stories import stories_shown
from coupons.services.stories import share_story, view_story
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.api.views import Door

_TAGS = ["成功故事 stories"]
_STORY: dict[str, Any] = {
    "id": 3,
    "title": "一个月省下两杯咖啡",
    "text": "每天签到、付款用积分，月底换了两杯拿铁。",
    "live_at": "2026-11-20T10:00:00+08:00",
}
_SHARE: dict[str, Any] = {"code": "kq3VnW0cT1uXyZ7a", "story": _STORY, "views": 12, "joins": 1}


class StoryOutput(OutputSerializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    live_at = TimeField(help_text="发布时间")


class StoriesOutput(OutputSerializer):
    items = StoryOutput(many=True)


class StoryShareOutput(OutputSerializer):
    code = serializers.CharField(help_text="放进分享卡片的路径参数里")
    story = StoryOutput()
    views = serializers.IntegerField(help_text="被浏览的次数，每人每天算一次")
    joins = serializers.IntegerField(help_text="带来的注册人数")


class Stories(Door):
    """What I may share."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="list_stories",
        summary="成功故事 Stories to share",
        tags=_TAGS,
        responses=StoriesOutput,
        examples=[OpenApiExample("可以分享的故事", value={"items": [_STORY]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(StoriesOutput.answer({"items": stories_shown()}))


class ShareStory(Door):
    """My own code of a story."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (StoryNotShown,)

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="share_story",
        summary="分享故事 Share a story",
        tags=_TAGS,
        request=Input,
        responses=StoryShareOutput,
        examples=[OpenApiExample("我的分享码", value=_SHARE, response_only=True)],
    )
    def post(self, request: Request, story_id: int) -> Response:
        self.Input.read(request)
        return Response(StoryShareOutput.answer(share_story(story_id=story_id, user_id=self.caller_id)))


class SharedStory(Door):
    """A story that somebody shared with me."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (StoryNotShown,)

    class Input(InputSerializer):
        code = StrictCharField(max_length=16, help_text="分享卡片带来的分享码")

    @extend_schema(
        operation_id="open_shared_story",
        summary="打开别人分享的故事 Open a shared story",
        tags=_TAGS,
        request=Input,
        responses=StoryOutput,
        examples=[
            OpenApiExample("打开", value={"code": "kq3VnW0cT1uXyZ7a"}, request_only=True),
            OpenApiExample("故事", value=_STORY, response_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        story = view_story(viewer_id=self.caller_id, **self.Input.read(request))
        return Response(StoryOutput.answer(story))
