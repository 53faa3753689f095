"""Ask for help, follow what becomes of it."""

from typing import Any, cast

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.sessions import Holder
from feedback.api.attachments import PICTURE, PictureOutput, linked
from feedback.errors import NothingSaid, PictureUnknown, TicketClosed, TooManyTickets
from feedback.rules.tickets import ASKED_KINDS, HEARD_VOICES, TicketKind, TicketState
from feedback.selectors.attachments import of_messages
from feedback.selectors.subjects import SUBJECT_KINDS
from feedback.selectors.tickets import ticket_for, tickets_of, what_the_customer_reads
from feedback.services.customers import ask_for_help, close_mine, write_to_us
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    ProseField,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound, StateConflict

_TAGS = ["客服工单 tickets"]
_TICKET: dict[str, Any] = {
    "number": "N2611212015301237Q4K0M2Z9XWD2",
    "kind": "REFUND",
    "kind_name": "退款",
    "subject": "退款三天还没到账",
    "state": "WAITING",
    "state_name": "等待顾客",
    "about": "order:O2611182015301237Q4K0M2Z9XWD2",
    "follows": None,
    "opened_at": "2026-11-21T20:15:30+08:00",
    "resolved_at": None,
    "closed_at": None,
}
_MESSAGE: dict[str, Any] = {
    "id": 17,
    "voice": "AGENT",
    "body": "您好，已为您查询，预计今天到账。",
    "at": "2026-11-21T20:21:04+08:00",
    "attachments": [PICTURE],
}
_MOST_PICTURES = 9


class ClientIdField(serializers.RegexField):
    """What the sender calls it, so that sending it again does nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[0-9A-Za-z_-]{8,64}$", help_text="由客户端生成，重发时不变", **options)


class TokensField(serializers.ListField):
    """Pictures that were uploaded before, by their tokens."""

    child = StrictCharField(max_length=32)

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, default=list, max_length=_MOST_PICTURES, help_text="已上传图片的 token", **options
        )


class TicketOutput(OutputSerializer):
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=TicketKind.choices)
    kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=TicketState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    about = serializers.CharField(help_text="关联的业务；没有则为空")
    follows = serializers.CharField(source="follows.number", default=None, help_text="接续的已关闭工单")
    opened_at = TimeField()
    resolved_at = TimeField(allow_null=True)
    closed_at = TimeField(allow_null=True)


class TicketMessageOutput(OutputSerializer):
    id = serializers.IntegerField()
    voice = serializers.ChoiceField(choices=HEARD_VOICES)
    body = serializers.CharField(help_text="纯文本，可含换行")
    at = TimeField()
    attachments = PictureOutput(many=True)


class _Line(OutputSerializer):
    """A message before its pictures are looked up, of all messages at once."""

    id = serializers.IntegerField(source="pk")
    voice = serializers.CharField()
    body = serializers.CharField()
    at = TimeField()


def _illustrate(lines: list[dict[str, Any]], *, holder: Holder) -> None:
    pictures = of_messages(line["id"] for line in lines)
    for line in lines:
        line["attachments"] = linked(pictures.get(line["id"], ()), holder=holder)


class Tickets(Door):
    """My tickets; POST: open one."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound, NothingSaid, PictureUnknown, TooManyTickets)

    class Input(InputSerializer):
        kind = serializers.ChoiceField(choices=ASKED_KINDS)
        subject = StrictCharField(max_length=60, required=False, default="", allow_blank=True)
        body = ProseField(max_length=2_000)
        about = StrictCharField(
            max_length=80,
            required=False,
            default="",
            allow_blank=True,
            help_text=f"“类型:编号”，类型为 {'、'.join(SUBJECT_KINDS)} 之一；账单记录用 id，其余用单号",
        )
        follows = StrictCharField(
            max_length=32, required=False, default="", allow_blank=True, help_text="接续自己已关闭的工单"
        )
        client_id = ClientIdField()
        attachments = TokensField()

    @extend_schema(
        operation_id="list_tickets",
        summary="我的工单 My tickets, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(TicketOutput, "TicketPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_TICKET], "next_cursor": None, "has_more": False},
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        mine = tickets_of(self.caller_id).select_related("follows")
        return Response(page_of(mine, output=TicketOutput, query=query, purpose=f"tickets:{self.caller_id}"))

    @extend_schema(
        operation_id="open_ticket",
        summary="提交问题 Ask for help",
        description="同一 client_id 重复提交只产生一个工单。不可见字符会被去除。",
        tags=_TAGS,
        request=Input,
        responses={201: TicketOutput},
        examples=[
            OpenApiExample(
                "关于一笔订单",
                value={
                    "kind": "REFUND",
                    "body": "退款三天还没到账",
                    "about": _TICKET["about"],
                    "client_id": "f3c1a2d0-9b7e",
                },
                request_only=True,
            ),
            OpenApiExample(
                "待受理",
                value={**_TICKET, "state": "NEW", "state_name": "待受理"},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        ticket = ask_for_help(user_id=self.caller_id, language=get_language() or "", **wish)
        return Response(TicketOutput.answer(ticket), status=201)


class OneTicket(Door):
    """One of my tickets; where it was merged, the one that it goes on in."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        operation_id="show_ticket",
        summary="查看工单 One of my tickets",
        tags=_TAGS,
        responses=TicketOutput,
        examples=[OpenApiExample("等待我回复", value=_TICKET, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(TicketOutput.answer(ticket_for(self.caller_id, number)))


class TicketMessages(Door):
    """What was said in one of my tickets; POST: say something."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound, NothingSaid, PictureUnknown, TicketClosed)

    class Input(InputSerializer):
        body = ProseField(
            max_length=2_000, required=False, default="", allow_blank=True, help_text="有图片时可以为空"
        )
        client_id = ClientIdField()
        attachments = TokensField()

    @extend_schema(
        operation_id="list_ticket_messages",
        summary="工单留言 What was said, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(TicketMessageOutput, "TicketMessagePage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_MESSAGE], "next_cursor": None, "has_more": False},
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request, number: str) -> Response:
        query = PageQuery.read_query(request)
        ticket = ticket_for(self.caller_id, number)
        said = what_the_customer_reads(ticket.pk)
        page = page_of(said, output=_Line, query=query, purpose=f"ticket:{ticket.pk}")
        _illustrate(page["items"], holder=cast(Holder, request.auth))
        return Response(page)

    @extend_schema(
        operation_id="write_in_ticket",
        summary="留言 Say something",
        description="已解决的工单会重新打开；已关闭的请另行提交，并用 follows 指明。",
        tags=_TAGS,
        request=Input,
        responses={201: TicketMessageOutput},
        examples=[
            OpenApiExample(
                "补充", value={"body": "收到了，谢谢", "client_id": "f3c1a2d0-9b7f"}, request_only=True
            ),
            OpenApiExample(
                "我的留言",
                value={**_MESSAGE, "voice": "CUSTOMER", "body": "收到了，谢谢"},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        message = write_to_us(user_id=self.caller_id, number=number, **self.Input.read(request))
        line = dict(_Line.answer(message))
        _illustrate([line], holder=cast(Holder, request.auth))
        return Response(line, status=201)


class CloseTicket(Door):
    """It is settled."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound, StateConflict)

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="close_ticket",
        summary="关闭工单 It is settled",
        tags=_TAGS,
        request=Input,
        responses=TicketOutput,
        examples=[
            OpenApiExample(
                "已关闭",
                value={
                    **_TICKET,
                    "state": "CLOSED",
                    "state_name": "已关闭",
                    "closed_at": "2026-11-22T09:00:00+08:00",
                },
                response_only=True,
            )
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(TicketOutput.answer(close_mine(user_id=self.caller_id, number=number)))
