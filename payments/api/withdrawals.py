"""Take my own money out."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS, WeChatNotLinked
from payments.api.payouts import ConfirmationOutput
from payments.errors import NameNeeded, WithdrawalNotCovered
from payments.models import MerchantTransfer
from payments.selectors.exits import route_for
from payments.selectors.transfers import confirmation_of, transfer_of, with_waiting
from payments.services.withdrawals import call_off, withdraw
from wallet.errors import (
    QUOTE_ERRORS,
    InsufficientBalance,
    LimitExceeded,
    LotExhausted,
    NotInThisMode,
    PackageMoneyStays,
    WalletFrozen,
    WithdrawalNotInReview,
)
from wallet.rules.withdrawals import WithdrawalState, WithdrawalWay
from wallet.selectors.withdrawals import withdrawal_for, withdrawals_of
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    FenTextField,
    InputSerializer,
    OutputSerializer,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.pauses.errors import Paused

REFUND_ARRIVAL = _("原路退回原支付账户，通常 1 至 3 个工作日到账")
TRANSFER_ARRIVAL = _("发起后请在 24 小时内确认收款，确认后实时到账；逾期退回钱包")


class WeChatTransferOutput(OutputSerializer):
    """What goes to the WeChat balance; its owner confirms that they take it."""

    number = serializers.CharField()
    amount = FenField()
    state = serializers.ChoiceField(choices=MerchantTransfer.State.choices)
    state_name = serializers.CharField(source="state_in_words", help_text="可直接展示")
    reason = serializers.CharField(source="failure", help_text="未成功的原因，可直接展示")
    confirm = serializers.SerializerMethodField(help_text="不为空时请顾客确认收款")

    @extend_schema_field(ConfirmationOutput(allow_null=True))
    def get_confirm(self, transfer: MerchantTransfer) -> Any:
        confirmation = confirmation_of(transfer)
        return ConfirmationOutput.answer(confirmation) if confirmation else None


class WithdrawalOutput(OutputSerializer):
    number = serializers.CharField()
    amount = FenField(help_text="提现金额，不含手续费")
    fee = FenField(help_text="报价时承诺的手续费；未全部到账时按到账金额收取")
    paid = FenField(help_text="已到账金额")
    fee_paid = FenField(help_text="已收手续费")
    way = serializers.ChoiceField(choices=WithdrawalWay.choices)
    state = serializers.ChoiceField(choices=WithdrawalState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    reason = serializers.CharField(help_text="审核未通过或未全部到账的说明")
    requested_at = TimeField()
    sent_at = TimeField(allow_null=True)
    ended_at = TimeField(allow_null=True)


class ListedWithdrawal(WithdrawalOutput):
    awaits_confirmation = serializers.BooleanField(help_text="要顾客确认收款：查看这笔提现")


class ShownWithdrawal(WithdrawalOutput):
    transfer = serializers.SerializerMethodField(help_text="转入微信零钱的部分；没有则为 null")

    @extend_schema_field(WeChatTransferOutput(allow_null=True))
    def get_transfer(self, withdrawal: Any) -> Any:
        transfer = transfer_of(withdrawal.pk)
        return WeChatTransferOutput.answer(transfer) if transfer else None


_LISTED: dict[str, Any] = {
    "number": "W261121201530123Q7K0M2Z9XWDBU",
    "amount": 5000,
    "fee": 10,
    "paid": 0,
    "fee_paid": 0,
    "way": "source",
    "state": "SENDING",
    "state_name": "转出中",
    "reason": "",
    "requested_at": "2026-11-21T20:15:30+08:00",
    "sent_at": "2026-11-21T20:15:30+08:00",
    "ended_at": None,
    "awaits_confirmation": True,
}
_EXAMPLE: dict[str, Any] = {
    **{name: value for name, value in _LISTED.items() if name != "awaits_confirmation"},
    "transfer": {
        "number": "D261121201530123Q7K0M2Z9XWDBU",
        "amount": 2000,
        "state": "WAIT_USER_CONFIRM",
        "state_name": "待您确认收款",
        "reason": "",
        "confirm": {
            "mch_id": "1900007291",
            "app_id": "wx2421b1c4370ec43b",
            "package": "ABBQO+oYAAABAAAAAAAk3Q==",
            "expires_at": "2026-11-22T20:15:30+08:00",
        },
    },
}
_STARTED = {**_EXAMPLE, "transfer": None}


class Withdrawals(Door):
    """
    Own money goes back to the WeChat payments it came from, and what cannot to the WeChat balance. Ask
    `wallet/quotes` for the fee and `wallet/withdrawals/route` for the way first.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        WithdrawalNotCovered,
        NameNeeded,
        NotInThisMode,
        WeChatNotLinked,
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
        way = serializers.ChoiceField(
            choices=WithdrawalWay.choices,
            default=WithdrawalWay.SOURCE,
            help_text="source 原路退回，退不回的转入微信零钱；transfer 全部转入微信零钱",
        )

    @extend_schema(
        operation_id="list_withdrawals",
        summary="提现记录 My withdrawals",
        tags=["提现 withdrawals"],
        parameters=[PageQuery],
        responses=page_output(ListedWithdrawal, "WithdrawalPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_LISTED], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        rows = with_waiting(withdrawals_of(self.caller_id))
        purpose = f"withdrawals:{self.caller_id}"
        return Response(page_of(rows, output=ListedWithdrawal, query=query, purpose=purpose))

    @extend_schema(
        operation_id="withdraw",
        summary="提现 Withdraw",
        tags=["提现 withdrawals"],
        request=Input,
        responses={201: ShownWithdrawal},
        examples=[
            OpenApiExample(
                "提现 50.00 元",
                value={"amount": 5000, "quote_id": "6c0f3a52-9f1e-4f0b-8a53-0f3c6f1f2b9d"},
                request_only=True,
            ),
            OpenApiExample("转出中", value=_STARTED, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        withdrawal = withdraw(
            user_id=self.caller_id, device_id=self.device_id, grant=self.step_up_grant, **wish
        )
        return Response(ShownWithdrawal.answer(withdrawal), status=201)


class WithdrawalRoute(Door):
    """Before I withdraw: which way it would go now, and when it arrives."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (WithdrawalNotCovered, NameNeeded, NotInThisMode)

    class Query(InputSerializer):
        amount = FenTextField(min_value=settings.WITHDRAWAL_MIN)
        way = serializers.ChoiceField(choices=WithdrawalWay.choices, default=WithdrawalWay.SOURCE)

    class Output(OutputSerializer):
        refund = FenField(min_value=0, help_text="原路退回的金额")
        refund_arrival = serializers.CharField(help_text="可直接展示；没有原路退回时为空")
        transfer = FenField(min_value=0, help_text="转入微信零钱的金额")
        transfer_arrival = serializers.CharField(help_text="可直接展示；没有转入零钱时为空")

    @extend_schema(
        operation_id="show_withdrawal_route",
        summary="提现去向 Which way a withdrawal would go",
        tags=["提现 withdrawals"],
        parameters=[Query],
        responses=Output,
        examples=[
            OpenApiExample(
                "部分转入零钱",
                value={
                    "refund": 3000,
                    "refund_arrival": str(REFUND_ARRIVAL),
                    "transfer": 2000,
                    "transfer_arrival": str(TRANSFER_ARRIVAL),
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        route = route_for(self.caller_id, at=clock.now(), **self.Query.read_query(request))
        return Response(
            self.Output.answer(
                {
                    "refund": route.refund,
                    "refund_arrival": REFUND_ARRIVAL if route.refund else "",
                    "transfer": route.transfer,
                    "transfer_arrival": TRANSFER_ARRIVAL if route.transfer else "",
                }
            )
        )


class OneWithdrawal(Door):
    """What became of a withdrawal."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        operation_id="show_withdrawal",
        summary="查看提现 One withdrawal",
        tags=["提现 withdrawals"],
        responses=ShownWithdrawal,
        examples=[OpenApiExample("待确认收款", value=_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(ShownWithdrawal.answer(withdrawal_for(user_id=self.caller_id, number=number)))


class CancelWithdrawal(Door):
    """
    While a large withdrawal waits for review, or before I have confirmed the transfer, I may call it off.
    What goes back to where it came from goes on.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (NotFound, WithdrawalNotInReview)

    @extend_schema(
        operation_id="cancel_withdrawal",
        summary="取消提现 Call a withdrawal off",
        tags=["提现 withdrawals"],
        request=None,
        responses=ShownWithdrawal,
        examples=[
            OpenApiExample(
                "已取消",
                value={**_STARTED, "state": "CANCELLED", "state_name": "已取消", "sent_at": None},
                response_only=True,
            )
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        return Response(ShownWithdrawal.answer(call_off(user_id=self.caller_id, number=number)))
