"""Send money to somebody, take what was sent, or give it back."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS
from wallet.api.payees import PayeeTokenField
from wallet.errors import (
    AmountNotAsked,
    BalanceCapExceeded,
    InsufficientBalance,
    LimitExceeded,
    LotExhausted,
    NotInThisMode,
    PackageMoneyStays,
    PayeeCannotReceive,
    PayeeTokenRefused,
    QuoteExpired,
    QuoteNotValid,
    QuoteUsed,
    RequestIsPaidAtOnce,
    RequestOver,
    TextRefused,
    TransferOver,
    WalletFrozen,
    WalletReceivesNothing,
)
from wallet.rules.kinds import Direction
from wallet.rules.transfers import LONGEST_REMARK, LONGEST_WAIT, TransferState
from wallet.selectors.transfers import other_side, transfer_for, transfers_of
from wallet.services.transfers import send_transfer
from wallet.services.waiting_transfers import accept_transfer, cancel_transfer, decline_transfer
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.pauses.errors import Paused

_HOURS = int(LONGEST_WAIT.total_seconds()) // 3600

TRANSFER_EXAMPLE: dict[str, Any] = {
    "number": "T261121201530123Q7K0M2Z9XWDAX",
    "direction": "out",
    "state": "ACCEPTED",
    "state_name": "已收款",
    "amount": 3_000,
    "fee": 0,
    "other": {"uid": "0b1f6b0e-52a8-4a0e-9f3e-0e4f7f9a1c55", "nickname": "小娜", "name_masked": "欧*"},
    "remark": "午饭",
    "request_number": None,
    "created_at": "2026-11-21T20:15:30+08:00",
    "accept_by": None,
    "ended_at": "2026-11-21T20:15:30+08:00",
}


class PersonOutput(OutputSerializer):
    uid = serializers.CharField()
    nickname = serializers.CharField()
    name_masked = serializers.CharField(allow_null=True, help_text="张*；未实名时为 null")


class TransferOutput(OutputSerializer):
    number = serializers.CharField()
    direction = serializers.ChoiceField(choices=Direction.choices, help_text="out 我付出的，in 我收到的")
    state = serializers.ChoiceField(choices=TransferState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    amount = FenField()
    fee = serializers.SerializerMethodField(help_text="付款人另付的手续费，收款人看到的是 0")
    other = serializers.SerializerMethodField(help_text="对方")
    remark = serializers.CharField(help_text="附言，由付款人填写")
    request_number = serializers.CharField(
        source="request.number", default=None, allow_null=True, help_text="付的是哪个收款请求"
    )
    created_at = TimeField()
    accept_by = TimeField(allow_null=True, help_text="在此之前可以收款；立即到账的转账为 null")
    ended_at = TimeField(allow_null=True)

    def get_fee(self, transfer: Any) -> int:
        return transfer.fee if transfer.direction == Direction.OUT else 0

    def get_other(self, transfer: Any) -> PersonOutput:
        return PersonOutput.answer(other_side(transfer))


class Transfers(Door):
    """Send my own money to somebody I have found (POST wallet/payees) at the fee I was quoted."""

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        NotInThisMode,
        Paused,
        PayeeTokenRefused,
        AmountNotAsked,
        RequestOver,
        RequestIsPaidAtOnce,
        TextRefused,
        InsufficientBalance,
        PackageMoneyStays,
        LotExhausted,
        WalletFrozen,
        PayeeCannotReceive,
        QuoteNotValid,
        QuoteUsed,
        QuoteExpired,
        LimitExceeded,
        *STEP_UP_ERRORS,
    )

    class Input(InputSerializer):
        payee_token = PayeeTokenField()
        amount = FenField(help_text="对方收到的金额")
        quote_id = serializers.UUIDField(help_text="POST wallet/quotes 的报价号，payee 填同一个 payee_token")
        remark = StrictCharField(max_length=LONGEST_REMARK, required=False, allow_blank=True)
        accept_within_hours = StrictIntegerField(
            min_value=1,
            max_value=_HOURS,
            required=False,
            help_text="填写后由对方确认收款，超时退回；不填则立即到账",
        )

    class Query(PageQuery):
        direction = serializers.ChoiceField(choices=Direction.choices, default=Direction.OUT.value)
        state = serializers.ChoiceField(choices=TransferState.choices, required=False)

    @extend_schema(
        operation_id="list_transfers",
        summary="我的转账 My transfers, newest first",
        tags=["转账 transfers"],
        parameters=[Query],
        responses=page_output(TransferOutput, "TransferPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [TRANSFER_EXAMPLE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        direction = query["direction"]
        rows = transfers_of(self.caller_id, direction=direction, state=query.get("state"))
        purpose = f"transfers:{direction}:{self.caller_id}"
        return Response(page_of(rows, output=TransferOutput, query=query, purpose=purpose))

    @extend_schema(
        operation_id="send_transfer",
        summary="转账 Send money to somebody",
        tags=["转账 transfers"],
        request=Input,
        responses={201: TransferOutput},
        examples=[
            OpenApiExample(
                "午饭 30 元，立即到账",
                value={
                    "payee_token": "AQABq3C5…",
                    "amount": 3_000,
                    "quote_id": "0f6c0f5e-8f0e-4b57-9a0e-6f4d8f1f2f11",
                    "remark": "午饭",
                },
                request_only=True,
            ),
            OpenApiExample("已到账", value=TRANSFER_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        hours = wish.pop("accept_within_hours", None)
        transfer = send_transfer(
            sender_id=self.caller_id,
            device_id=self.device_id,
            grant=self.step_up_grant,
            accept_within=hours and timedelta(hours=hours),
            **wish,
        )
        return Response(TransferOutput.answer(transfer), status=201)


class ShowTransfer(Door):
    """One transfer that I sent or received."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        summary="转账详情 One transfer",
        tags=["转账 transfers"],
        responses=TransferOutput,
        examples=[OpenApiExample("已到账", value=TRANSFER_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(TransferOutput.answer(transfer_for(user_id=self.caller_id, number=number)))


class _EndTransfer(Door):
    permission_classes = [LoggedIn]
    throttle_scope = "pay"

    class Input(InputSerializer):
        pass


class AcceptTransfer(_EndTransfer):
    """Take what somebody sent me, before its time is over."""

    errors = (NotFound, Paused, TransferOver, BalanceCapExceeded, WalletReceivesNothing)

    @extend_schema(
        summary="确认收款 Take what was sent",
        tags=["转账 transfers"],
        request=_EndTransfer.Input,
        responses=TransferOutput,
        examples=[
            OpenApiExample("已收款", value={**TRANSFER_EXAMPLE, "direction": "in"}, response_only=True)
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(TransferOutput.answer(accept_transfer(receiver_id=self.caller_id, number=number)))


class DeclineTransfer(_EndTransfer):
    """Send back what waits for me."""

    errors = (NotFound, TransferOver)

    @extend_schema(
        summary="退回转账 Send back what waits for me",
        tags=["转账 transfers"],
        request=_EndTransfer.Input,
        responses=TransferOutput,
        examples=[
            OpenApiExample(
                "已退回",
                value={**TRANSFER_EXAMPLE, "state": "DECLINED", "state_name": "已退回"},
                response_only=True,
            )
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(TransferOutput.answer(decline_transfer(receiver_id=self.caller_id, number=number)))


class CancelTransfer(_EndTransfer):
    """Take back what the other side has not taken yet."""

    errors = (NotFound, TransferOver)

    @extend_schema(
        summary="撤回转账 Take back what still waits",
        tags=["转账 transfers"],
        request=_EndTransfer.Input,
        responses=TransferOutput,
        examples=[
            OpenApiExample(
                "已撤回",
                value={**TRANSFER_EXAMPLE, "state": "CANCELLED", "state_name": "已撤回"},
                response_only=True,
            )
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        return Response(TransferOutput.answer(cancel_transfer(sender_id=self.caller_id, number=number)))
