"""Ask somebody for money, and answer who asks."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.name_hints import hint_of
from wallet.api.payees import PayeeTokenField
from wallet.api.transfers import PersonOutput
from wallet.errors import (
    LinkRefused,
    NotInThisMode,
    PayeeTokenRefused,
    RemindedToday,
    RequestOver,
    RequestsRefused,
    TextRefused,
    TooManyRequestsMade,
)
from wallet.models import MoneyRequest
from wallet.rules.money_requests import RequestSide, RequestState
from wallet.rules.transfers import LONGEST_REMARK
from wallet.selectors.money_requests import request_for, requests_of
from wallet.services.money_requests import (
    cancel_request,
    decline_request,
    remind_of_request,
    request_money,
)
from wallet.services.request_links import link_of, payee_token_of, request_behind_link
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound

_EXAMPLE: dict[str, Any] = {
    "number": "Q261121201530123Q7K0M2Z9XWDAX",
    "side": "for_me",
    "state": "OPEN",
    "state_name": "待付款",
    "amount": 3_000,
    "remark": "昨天的午饭",
    "other": {"uid": "0b1f6b0e-52a8-4a0e-9f3e-0e4f7f9a1c55", "nickname": "小娜", "name_masked": "欧*"},
    "created_at": "2026-11-21T20:15:30+08:00",
    "expires_at": "2026-11-28T20:15:30+08:00",
    "reminded_at": None,
    "ended_at": None,
}
_OPENED = {**_EXAMPLE, "payee_token": "AQABq3C5…", "link": None}


class RequestOutput(OutputSerializer):
    number = serializers.CharField()
    side = serializers.ChoiceField(choices=RequestSide.choices)
    state = serializers.ChoiceField(choices=RequestState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    amount = FenField()
    remark = serializers.CharField(help_text="由发起人填写")
    other = serializers.SerializerMethodField(help_text="对方；链接还没有人付款时为 null")
    created_at = TimeField()
    expires_at = TimeField()
    reminded_at = TimeField(allow_null=True)
    ended_at = TimeField(allow_null=True)

    @extend_schema_field(PersonOutput(allow_null=True))
    def get_other(self, request: Any) -> Any:
        other = request.payer if request.side == RequestSide.MINE else request.requester
        return PersonOutput.answer(hint_of(other)) if other else None


class OpenedRequestOutput(RequestOutput):
    payee_token = serializers.CharField(
        allow_null=True, help_text="由我付款时：用于报价和 POST wallet/transfers，金额须与请求相同"
    )
    link = serializers.CharField(
        allow_null=True, help_text="我发起的、任何人可付的请求：分享给别人的链接内容"
    )


def _opened(request: MoneyRequest, *, asker_id: int) -> Response:
    """One request with what this person may do with it."""
    plain = RequestOutput.answer(request)
    can = {
        "payee_token": payee_token_of(request, asker_id=asker_id),
        "link": link_of(request, asker_id=asker_id),
    }
    return Response({**plain, **can})


class MoneyRequests(Door):
    """Ask somebody I have found (POST wallet/payees), or, without a token, whoever I send the link to."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotInThisMode, PayeeTokenRefused, TextRefused, RequestsRefused, TooManyRequestsMade)

    class Input(InputSerializer):
        amount = FenField(max_value=100_000_000)
        remark = StrictCharField(max_length=LONGEST_REMARK, required=False, allow_blank=True)
        payee_token = PayeeTokenField(required=False)

    class Query(PageQuery):
        side = serializers.ChoiceField(choices=RequestSide.choices, default=RequestSide.MINE.value)
        state = serializers.ChoiceField(choices=RequestState.choices, required=False)

    @extend_schema(
        operation_id="list_money_requests",
        summary="收款请求 Requests for money, newest first",
        tags=["收款 requests"],
        parameters=[Query],
        responses=page_output(RequestOutput, "MoneyRequestPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_EXAMPLE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        side = query["side"]
        rows = requests_of(self.caller_id, side=side, state=query.get("state"))
        purpose = f"requests:{side}:{self.caller_id}"
        return Response(page_of(rows, output=RequestOutput, query=query, purpose=purpose))

    @extend_schema(
        operation_id="request_money",
        summary="向别人收款 Ask somebody for money",
        tags=["收款 requests"],
        request=Input,
        responses={201: OpenedRequestOutput},
        examples=[
            OpenApiExample("任何人可付", value={"amount": 3_000, "remark": "昨天的午饭"}, request_only=True),
            OpenApiExample(
                "等待付款",
                value={**_OPENED, "side": "mine", "other": None, "payee_token": None, "link": "AQABx7…"},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        made = request_money(requester_id=self.caller_id, **self.Input.read(request))
        answer = _opened(made, asker_id=self.caller_id)
        answer.status_code = 201
        return answer


class OpenRequestLink(Door):
    """What somebody sent me the link of; to be paid while it is open."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotInThisMode, LinkRefused, RequestOver)

    class Input(InputSerializer):
        link = StrictCharField(max_length=500)

    @extend_schema(
        summary="打开收款链接 Open the link of a request",
        tags=["收款 requests"],
        request=Input,
        responses=OpenedRequestOutput,
        examples=[
            OpenApiExample("可以付款", value=_OPENED, response_only=True),
            OpenApiExample("收到的链接", value={"link": "AQABx7…"}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        found = request_behind_link(self.Input.read(request)["link"], asker_id=self.caller_id)
        return _opened(found, asker_id=self.caller_id)


class ShowMoneyRequest(Door):
    """One request that I made or that was made of me."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        summary="收款请求详情 One request",
        tags=["收款 requests"],
        responses=OpenedRequestOutput,
        examples=[OpenApiExample("等我付款", value=_OPENED, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        return _opened(request_for(user_id=self.caller_id, number=number), asker_id=self.caller_id)


class _ActOnRequest(Door):
    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Input(InputSerializer):
        pass


class DeclineMoneyRequest(_ActOnRequest):
    """I will not pay this."""

    errors = (NotFound, RequestOver)

    @extend_schema(
        summary="拒绝付款 I will not pay this",
        tags=["收款 requests"],
        request=_ActOnRequest.Input,
        responses=RequestOutput,
        examples=[
            OpenApiExample(
                "已拒绝", value={**_EXAMPLE, "state": "DECLINED", "state_name": "已拒绝"}, response_only=True
            )
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(RequestOutput.answer(decline_request(payer_id=self.caller_id, number=number)))


class CancelMoneyRequest(_ActOnRequest):
    """I no longer ask for this."""

    errors = (NotFound, RequestOver)

    @extend_schema(
        summary="取消收款请求 I no longer ask for this",
        tags=["收款 requests"],
        request=_ActOnRequest.Input,
        responses=RequestOutput,
        examples=[
            OpenApiExample(
                "已取消",
                value={**_EXAMPLE, "side": "mine", "state": "CANCELLED", "state_name": "已取消"},
                response_only=True,
            )
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(RequestOutput.answer(cancel_request(requester_id=self.caller_id, number=number)))


class RemindOfMoneyRequest(_ActOnRequest):
    """Ask again, once a day."""

    errors = (NotFound, RequestOver, RemindedToday)

    @extend_schema(
        summary="提醒付款 Ask again, once a day",
        tags=["收款 requests"],
        request=_ActOnRequest.Input,
        responses=RequestOutput,
        examples=[OpenApiExample("已提醒", value={**_EXAMPLE, "side": "mine"}, response_only=True)],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(RequestOutput.answer(remind_of_request(requester_id=self.caller_id, number=number)))
