"""Object to what was stopped."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import WeChatCodeRefused, WeChatUnavailable
from feedback.errors import NothingSaid, NothingToAppeal, TooManyTickets
from feedback.rules.tickets import TicketState
from feedback.services.appeals import appeal_account, appeal_decision, appeal_wallet
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    ProseField,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound

_TAGS = ["客服工单 tickets"]
_APPEAL: dict[str, Any] = {
    "ticket": "N2611281015301237Q4K0M2Z9XWD2",
    "subject": "申诉：转账拒绝",
    "state": "NEW",
    "state_name": "待受理",
    "opened_at": "2026-11-28T10:15:30+08:00",
}


class AppealOutput(OutputSerializer):
    ticket = serializers.CharField(source="number", help_text="工单号；进展和补充说明见工单")
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=TicketState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    opened_at = TimeField()


class Appeals(Door):
    """Object to a move that was stopped, or to one's wallet being frozen."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound, NothingToAppeal, NothingSaid, TooManyTickets)

    class Input(InputSerializer):
        decision = StrictCharField(
            max_length=32,
            required=False,
            default="",
            allow_blank=True,
            help_text="被限制操作的 detail.appeal；不填即申诉钱包冻结",
        )
        text = ProseField(max_length=1_000, help_text="申诉说明")

    @extend_schema(
        operation_id="appeal",
        summary="申诉 Appeal",
        description="对被限制的操作或钱包冻结提出申诉，生成工单；同一限制再次申诉即补充说明；工单已关闭的另立一张，每天至多一张。",
        tags=_TAGS,
        request=Input,
        responses={201: AppealOutput},
        examples=[
            OpenApiExample(
                "申诉一次被拒绝的转账",
                value={"decision": "V2611281015301237Q4K0M2Z9XWD2", "text": "收款人是我母亲，请核实"},
                request_only=True,
            ),
            OpenApiExample("已受理", value=_APPEAL, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        said: dict[str, Any] = {
            "user_id": self.caller_id,
            "text": wish["text"],
            "language": get_language(),
        }
        number = wish["decision"]
        ticket = appeal_decision(**said, number=number) if number else appeal_wallet(**said)
        return Response(AppealOutput.answer(ticket), status=201)


class AccountAppeals(Door):
    """Object to one's account being frozen; whoever is cannot log in."""

    authentication_classes = []
    permission_classes = [Anyone]
    throttle_scope = "login"
    errors = (WeChatCodeRefused, WeChatUnavailable, NothingToAppeal, NothingSaid, TooManyTickets)

    class Input(InputSerializer):
        code = StrictCharField(max_length=128, help_text="wx.login 得到的 code，只能用一次")
        text = ProseField(max_length=1_000, help_text="申诉说明")

    @extend_schema(
        operation_id="appeal_account",
        summary="申诉账户冻结 Appeal a frozen account",
        description="账户冻结时不能登录，用微信登录 code 证明身份；每次冻结一张工单，再次申诉即补充说明；"
        "工单已关闭的另立一张，每天至多一张。",
        tags=_TAGS,
        request=Input,
        responses={201: AppealOutput},
        examples=[
            OpenApiExample(
                "账户冻结", value={"code": "0a3Xk…", "text": "手机已找回，请解冻"}, request_only=True
            ),
            OpenApiExample(
                "已受理",
                value={**_APPEAL, "subject": "申诉：账户冻结"},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        ticket = appeal_account(**self.Input.read(request), language=get_language())
        return Response(AppealOutput.answer(ticket), status=201)
