"""What I was told, how much of it I have not read, and what I followed."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.notifications.models import Message
from wallet_project.notifications.rules.notices import Category
from wallet_project.notifications.selectors.inbox import inbox_of, unread_by_category
from wallet_project.notifications.services.inbox import open_message, read_all, read_message

TAGS = ["消息 notifications"]
_MESSAGE: dict[str, Any] = {
    "number": "X261129083000123X7Q4K0M2Z9XWD8",
    "category": "MONEY",
    "title": "支付成功",
    "body": "您在人民路店支付了 128.00 元，支付时间 2026-11-29 08:30。",
    "link": "pages/orders/show?number=O261129083000123X7Q4K0M2Z9XWD8",
    "about": "order:O261129083000123X7Q4K0M2Z9XWD8",
    "told_at": "2026-11-29T08:30:00+08:00",
    "is_read": False,
}
_UNREAD = OpenApiExample(
    "未读",
    value={
        "total": 3,
        "categories": [
            {"category": "MONEY", "title": "资金变动", "unread": 2},
            {"category": "SECURITY", "title": "账户安全", "unread": 0},
            {"category": "LEGAL", "title": "协议与合规", "unread": 0},
            {"category": "SERVICE", "title": "服务进展", "unread": 1},
            {"category": "GROWTH", "title": "优惠活动", "unread": 0},
        ],
    },
    response_only=True,
)


class InboxMessageOutput(OutputSerializer):
    number = serializers.CharField()
    category = serializers.ChoiceField(choices=Category.choices)
    title = serializers.CharField()
    body = serializers.CharField()
    link = serializers.CharField(help_text="小程序页面；为空时没有可打开的页面")
    about = serializers.CharField(help_text="关于什么，如 order:O26…")
    told_at = TimeField()
    is_read = serializers.SerializerMethodField()

    def get_is_read(self, message: Message) -> bool:
        return message.read_at is not None


class UnreadOutput(OutputSerializer):
    class CategoryOutput(OutputSerializer):
        category = serializers.ChoiceField(choices=Category.choices)
        title = serializers.CharField(help_text="类别的名称")
        unread = serializers.IntegerField()

    total = serializers.IntegerField()
    categories = CategoryOutput(many=True, help_text="每个类别一项，按显示顺序")


InboxPage = page_output(InboxMessageOutput, "InboxPage")


def _unread(user_id: int) -> Response:
    counts = unread_by_category(user_id)
    categories = [
        {"category": each.value, "title": each.label, "unread": counts.get(each.value, 0)}
        for each in Category
    ]
    return Response(UnreadOutput.answer({"total": sum(counts.values()), "categories": categories}))


class Messages(Door):
    """My inbox, newest first."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(PageQuery):
        category = serializers.ChoiceField(required=False, choices=Category.choices)

    @extend_schema(
        operation_id="list_messages",
        summary="消息 My messages",
        tags=TAGS,
        parameters=[Query],
        responses=InboxPage,
        examples=[
            OpenApiExample(
                "资金变动",
                value={"items": [_MESSAGE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        category = query.get("category")
        return Response(
            page_of(
                inbox_of(self.caller_id, category),
                output=InboxMessageOutput,
                query=query,
                purpose=f"messages:{self.caller_id}:{category or ''}",
            )
        )


class Unread(Door):
    """How much of it I have not read."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="show_unread_messages",
        summary="未读数 How much is unread",
        tags=TAGS,
        responses=UnreadOutput,
        examples=[_UNREAD],
    )
    def get(self, request: Request) -> Response:
        return _unread(self.caller_id)


class ReadAll(Door):
    """I have seen it all, or all of one category."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Input(InputSerializer):
        category = serializers.ChoiceField(required=False, choices=Category.choices)

    @extend_schema(
        operation_id="read_all_messages",
        summary="全部已读 Read all",
        tags=TAGS,
        request=Input,
        responses=UnreadOutput,
        examples=[OpenApiExample("一个类别", value={"category": "GROWTH"}, request_only=True), _UNREAD],
    )
    def post(self, request: Request) -> Response:
        read_all(user_id=self.caller_id, **self.Input.read(request))
        return _unread(self.caller_id)


class ReadMessage(Door):
    """I have read one."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    @extend_schema(
        operation_id="read_message",
        summary="已读 Read one",
        tags=TAGS,
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, number: str) -> Response:
        read_message(user_id=self.caller_id, number=number)
        return Response(status=204)


class OpenMessage(Door):
    """I followed its link, here or from what WeChat showed me."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    @extend_schema(
        operation_id="open_message",
        summary="已打开 Followed its link",
        description="消息里的页面被打开时上报；订阅消息打开的页面带有参数 message，即消息编号。",
        tags=TAGS,
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, number: str) -> Response:
        open_message(user_id=self.caller_id, number=number)
        return Response(status=204)
