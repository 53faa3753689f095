"""Take my own money out."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS
from payments.errors import WithdrawalNotCovered
from payments.services.withdrawals import withdraw
from wallet.errors import (
    QUOTE_ERRORS,
    InsufficientBalance,
    LimitExceeded,
    LotExhausted,
    PackageMoneyStays,
    WalletFrozen,
    WithdrawalNotInReview,
)
from wallet.rules.withdrawals import WithdrawalState
from wallet.selectors.withdrawals import withdrawal_for, withdrawals_of
from wallet.services.withdrawals import cancel_withdrawal
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.pauses.errors import Paused


class WithdrawalOutput(OutputSerializer):
    number = serializers.CharField()
    amount = FenField(help_text="提现金额，不含手续费")
    fee = FenField(help_text="报价时承诺的手续费；未全部到账时按到账金额收取")
    paid = FenField(help_text="已到账金额")
    fee_paid = FenField(help_text="已收手续费")
    state = serializers.ChoiceField(choices=WithdrawalState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    reason = serializers.CharField(help_text="审核未通过时的说明")
    requested_at = TimeField()
    sent_at = TimeField(allow_null=True)
    ended_at = TimeField(allow_null=True)


_EXAMPLE: dict[str, Any] = {
    "number": "W261121201530123Q7K0M2Z9XWDBU",
    "amount": 5000,
    "fee": 10,
    "paid": 0,
    "fee_paid": 0,
    "state": "SENDING",
    "state_name": "转出中",
    "reason": "",
    "requested_at": "2026-11-21T20:15:30+08:00",
    "sent_at": "2026-11-21T20:15:30+08:00",
    "ended_at": None,
}


class Withdrawals(Door):
    """Own money goes back to the WeChat payments it came from. Ask `wallet/quotes` for the fee first."""

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        WithdrawalNotCovered,
        *QUOTE_ERRORS,
        LimitExceeded,
        InsufficientBalance,
        PackageMoneyStays,
        LotExhausted,
        WalletFrozen,
        Paused,
        *STEP_UP_ERRORS,
    )

    class Input(InputSerializer):
        amount = FenField(min_value=settings.WITHDRAWAL_MIN, help_text="到账金额；手续费另计")
        quote_id = serializers.UUIDField(help_text="wallet/quotes 给出的报价")

    @extend_schema(
        operation_id="list_withdrawals",
        summary="提现记录 My withdrawals",
        tags=["提现 withdrawals"],
        parameters=[PageQuery],
        responses=page_output(WithdrawalOutput, "WithdrawalPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_EXAMPLE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        rows = withdrawals_of(self.caller_id)
        purpose = f"withdrawals:{self.caller_id}"
        return Response(page_of(rows, output=WithdrawalOutput, query=query, purpose=purpose))

    @extend_schema(
        operation_id="withdraw",
        summary="提现 Withdraw",
        tags=["提现 withdrawals"],
        request=Input,
        responses={201: WithdrawalOutput},
        examples=[
            OpenApiExample(
                "提现 50.00 元",
                value={"amount": 5000, "quote_id": "6c0f3a52-9f1e-4f0b-8a53-0f3c6f1f2b9d"},
                request_only=True,
            ),
            OpenApiExample("转出中", value=_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        withdrawal = withdraw(
            user_id=self.caller_id, device_id=self.device_id, grant=self.step_up_grant, **wish
        )
        return Response(WithdrawalOutput.answer(withdrawal), status=201)


class OneWithdrawal(Door):
    """What became of a withdrawal."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        operation_id="show_withdrawal",
        summary="查看提现 One withdrawal",
        tags=["提现 withdrawals"],
        responses=WithdrawalOutput,
        examples=[OpenApiExample("转出中", value=_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(WithdrawalOutput.answer(withdrawal_for(user_id=self.caller_id, number=number)))


class CancelWithdrawal(Door):
    """While a large withdrawal waits for review I may call it off."""

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (NotFound, WithdrawalNotInReview)

    @extend_schema(
        operation_id="cancel_withdrawal",
        summary="取消提现 Call a withdrawal off",
        tags=["提现 withdrawals"],
        request=None,
        responses=WithdrawalOutput,
        examples=[
            OpenApiExample(
                "已取消",
                value={**_EXAMPLE, "state": "CANCELLED", "state_name": "已取消", "sent_at": None},
                response_only=True,
            )
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        mine = withdrawal_for(user_id=self.caller_id, number=number)
        return Response(WithdrawalOutput.answer(cancel_withdrawal(number=mine.number)))
