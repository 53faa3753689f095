"""Live chat with the staff: look every few seconds; a socket (chat_sockets) only makes it quicker."""

from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from feedback.errors import ChatEnded, NothingSaid, TooManyChats, TooManyTickets
from feedback.models import TicketMessage
from feedback.rules.chats import LONGEST_MESSAGE, ChatEnd, ChatState
from feedback.rules.tickets import TicketKind, Voice
from feedback.selectors.chats import Update, chat_of, chats_of, update_for
from feedback.services.chats import leave, look_in, note_signals, open_chat, write
from wallet_project.flags.errors import FeatureOff
from wallet_project.kit import clock
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    ProseField,
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound

_EXAMPLE: dict[str, Any] = {
    "number": "I261128201530123Q7K0M2Z9XWDAX",
    "state": "WAITING",
    "state_name": "排队中",
    "end": None,
    "end_name": None,
    "ticket_number": "G261128201530123A8R1N3Y7VTEBZ",
    "opened_at": "2026-11-28T20:15:30+08:00",
    "ended_at": None,
    "socket_url": "wss://chat.example.com/chats",
}
_ENDED = {
    **_EXAMPLE,
    "state": "ENDED",
    "state_name": "已结束",
    "end": "CUSTOMER",
    "end_name": "顾客结束",
    "ended_at": "2026-11-28T20:31:02+08:00",
}
_SAID = {
    "id": 4711,
    "voice": "CUSTOMER",
    "client_id": "m-1f0c",
    "body": "付了两次款，只有一个订单",
    "at": "2026-11-28T20:15:30+08:00",
}
_TAGS = ["在线客服 chat"]


class MessageOutput(OutputSerializer):
    id = serializers.IntegerField(help_text="按它排序和去重")
    voice = serializers.ChoiceField(choices=[Voice.CUSTOMER, Voice.AGENT, Voice.SYSTEM])
    client_id = serializers.SerializerMethodField(help_text="自己在聊天里发的消息：发送时的 client_id")
    body = serializers.CharField(help_text="纯文本；对方所写，不要当作系统提示或链接展示")
    at = TimeField()

    def get_client_id(self, message: TicketMessage) -> str | None:
        voice, colon, named = message.client_id.partition(":")
        return named if colon and voice == Voice.CUSTOMER == message.voice else None


class ChatOutput(OutputSerializer):
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=ChatState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    end = serializers.ChoiceField(choices=ChatEnd.choices, allow_null=True)
    end_name = serializers.CharField(source="get_end_display", allow_null=True)
    ticket_number = serializers.CharField(source="ticket.number", help_text="聊天结束后在这个工单里继续")
    opened_at = TimeField()
    ended_at = TimeField(allow_null=True)
    socket_url = serializers.SerializerMethodField(help_text="WebSocket 地址；null：只用轮询")

    def to_representation(self, chat: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(chat)
        return {**shown, "end": shown["end"] or None, "end_name": shown["end_name"] or None}

    def get_socket_url(self, chat: Any) -> str | None:
        here = settings.CHAT_SOCKET_URL
        return f"{here}/chats" if here and chat.state != ChatState.ENDED else None


class UpdateOutput(OutputSerializer):
    chat = ChatOutput()
    position = serializers.IntegerField(allow_null=True, help_text="排在第几位，1 是下一位；null：不在排队")
    agents_here = serializers.BooleanField(help_text="是否有客服在线")
    agent_typing = serializers.BooleanField()
    agent_read = serializers.IntegerField(source="chat.agent_read", help_text="客服已读到哪条消息")
    messages = MessageOutput(many=True)
    cursor = serializers.IntegerField(help_text="下一次轮询的 after")
    has_more = serializers.BooleanField(help_text="还有更多：立即再取")


_UPDATE = {
    "chat": _EXAMPLE,
    "position": 2,
    "agents_here": True,
    "agent_typing": False,
    "agent_read": 0,
    "messages": [_SAID],
    "cursor": 4711,
    "has_more": False,
}


class ClientIdField(StrictCharField):
    """The sender's own name for a message."""

    def __init__(self) -> None:
        super().__init__(max_length=40, help_text="客户端生成，重发时不变：同一个值只会成为一条消息")


class MessageInput(InputSerializer):
    client_id = ClientIdField()
    body = ProseField(max_length=LONGEST_MESSAGE)


class SignalsInput(InputSerializer):
    read_up_to = StrictIntegerField(required=False, default=0, min_value=0, help_text="已读到哪条消息")
    typing = StrictBooleanField(required=False, default=False, help_text="正在输入；每隔几秒说一次")


class Chats(Door):
    """Get in line with the first words. While nobody is there they become a ticket: the chat has ended."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (FeatureOff, NotFound, NothingSaid, TooManyChats, TooManyTickets)

    class Input(MessageInput):
        kind = serializers.ChoiceField(choices=TicketKind.choices, default=TicketKind.QUESTION.value)
        about = StrictCharField(
            max_length=80, required=False, default="", allow_blank=True, help_text="order:O2611…、record:17"
        )

    @extend_schema(
        operation_id="list_chats",
        summary="我的在线会话 My chats, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(ChatOutput, "ChatPage"),
        examples=[
            OpenApiExample(
                "一页", value={"items": [_ENDED], "next_cursor": None, "has_more": False}, response_only=True
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        rows = chats_of(self.caller_id)
        return Response(page_of(rows, output=ChatOutput, query=query, purpose=f"chats:{self.caller_id}"))

    @extend_schema(
        operation_id="open_chat",
        summary="联系在线客服 Talk with the staff",
        tags=_TAGS,
        request=Input,
        responses={201: ChatOutput},
        examples=[
            OpenApiExample(
                "第一句话",
                value={"client_id": "m-1f0c", "kind": "PAYMENT", "body": "付了两次款，只有一个订单"},
                request_only=True,
            ),
            OpenApiExample("排队中", value=_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        language = translation.get_language() or settings.LANGUAGE_CODE
        chat = open_chat(user_id=self.caller_id, language=language, **self.Input.read(request))
        return Response(ChatOutput.answer(chat), status=201)


class ChatMessages(Door):
    """What is said, each message once for its client_id; looking tells that I am there."""

    permission_classes = [LoggedIn]
    throttle_scope = "chat"
    errors = (NotFound, ChatEnded, NothingSaid)

    class Query(InputSerializer):
        after = serializers.IntegerField(
            required=False, default=0, min_value=0, max_value=2**63 - 1, help_text="上一次的 cursor"
        )

    @extend_schema(
        operation_id="look_into_chat",
        summary="轮询新消息 What was said since then, and how the chat stands",
        description="前台每 3 秒取一次；有 WebSocket 时不必轮询，断开后从同一个 cursor 接着轮询即可。",
        tags=_TAGS,
        parameters=[Query],
        responses=UpdateOutput,
        examples=[OpenApiExample("排队中", value=_UPDATE, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        query = self.Query.read_query(request)
        chat = look_in(user_id=self.caller_id, number=number)
        return Response(update_answer(update_for(chat, after=query["after"], at=clock.now())))

    @extend_schema(
        operation_id="say_in_chat",
        summary="发送消息 Say something",
        tags=_TAGS,
        request=MessageInput,
        responses={201: MessageOutput},
        examples=[
            OpenApiExample("发送", value={"client_id": "m-2a7d", "body": "好的，谢谢"}, request_only=True),
            OpenApiExample("已收到", value=_SAID, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        said = write(user_id=self.caller_id, number=number, **MessageInput.read(request))
        return Response(MessageOutput.answer(said), status=201)


class SignalInChat(Door):
    """I have read up to here; I am writing."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    @extend_schema(
        summary="已读与正在输入 Read up to here, or writing",
        tags=_TAGS,
        request=SignalsInput,
        responses={204: None},
        examples=[OpenApiExample("已读", value={"read_up_to": 4711}, request_only=True)],
    )
    def post(self, request: Request, number: str) -> Response:
        signals = SignalsInput.read(request)
        note_signals(chat_of(self.caller_id, number), Voice.CUSTOMER, **signals)
        return Response(status=204)


class EndChat(Door):
    """I am done; whatever is not goes on in the ticket."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    class Input(InputSerializer):
        pass

    @extend_schema(
        summary="结束会话 End the chat",
        tags=_TAGS,
        request=Input,
        responses=ChatOutput,
        examples=[OpenApiExample("已结束", value=_ENDED, response_only=True)],
    )
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(ChatOutput.answer(leave(user_id=self.caller_id, number=number)))


def update_answer(update: Update) -> dict[str, Any]:
    answer: dict[str, Any] = UpdateOutput.answer(update)
    return answer
