"""Pay a bill, and see what became of it."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import STEP_UP_ERRORS
from payments.api.billers import BILLER_EXAMPLE, TAGS, BillerOutput
from payments.errors import BillerNotOffered
from payments.models import BillPayment
from payments.selectors.bills import bill_for, bills_of
from payments.services.bills import pay_bill
from wallet.errors import (
    QUOTE_ERRORS,
    InsufficientBalance,
    LimitExceeded,
    NotInThisMode,
    PackageMoneyStays,
    WalletFrozen,
)
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound
from wallet_project.pauses.errors import Paused


class BillPaymentOutput(OutputSerializer):
    number = serializers.CharField()
    biller = BillerOutput(source="payee.biller")
    name = serializers.CharField(source="payee", help_text="收款的卡或户号，可直接展示")
    amount = FenField(help_text="缴费金额")
    fee = FenField(min_value=0)
    total = FenField(help_text="扣款合计；没有结果前为冻结")
    state = serializers.ChoiceField(
        choices=BillPayment.State.choices,
        help_text="CREATED、UNSURE、SENT 等待结果，款项冻结；FAILED 已解冻；REVERSED 已连手续费退回",
    )
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    failure = serializers.CharField(help_text="失败原因，可直接展示；没有失败时为空")
    confirmed_at = TimeField()
    finished_at = TimeField(allow_null=True)
    returned_at = TimeField(allow_null=True)


_BILL: dict[str, Any] = {
    "number": "B261121201530123Q7K0M2Z9XWDB2",
    "biller": BILLER_EXAMPLE,
    "name": "城市供电公司 尾号 2345",
    "amount": 5680,
    "fee": 0,
    "total": 5680,
    "state": "SENT",
    "state_name": "缴费中",
    "failure": "",
    "confirmed_at": "2026-11-21T20:15:30+08:00",
    "finished_at": None,
    "returned_at": None,
}
_PAID = {
    **_BILL,
    "state": "SUCCEEDED",
    "state_name": "缴费成功",
    "finished_at": "2026-11-21T20:15:41+08:00",
}


class BillPayments(Door):
    """
    Pay a bill out of my own money, with a quote of kind `bill` for the same payee and amount.

    The answer says where it stands; the end comes within minutes as a rule. Meanwhile the money is held.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "pay"
    errors = (
        NotFound,
        Paused,
        NotInThisMode,
        BillerNotOffered,
        InsufficientBalance,
        PackageMoneyStays,
        LimitExceeded,
        WalletFrozen,
        *QUOTE_ERRORS,
        *STEP_UP_ERRORS,
    )

    class Input(InputSerializer):
        payee = serializers.UUIDField(help_text="POST /cards 的 id，或 POST /bill-queries 的 payee")
        amount = FenField(max_value=settings.BILL_MAX)
        quote_id = serializers.UUIDField(help_text="POST /wallet/quotes 的 id，kind 为 bill，payee 相同")

    class Query(PageQuery):
        state = serializers.ChoiceField(choices=BillPayment.State.choices, required=False)

    @extend_schema(
        operation_id="pay_bill",
        summary="缴费或还款 Pay a bill",
        tags=TAGS,
        request=Input,
        responses={201: BillPaymentOutput},
        examples=[
            OpenApiExample(
                "电费 56.80 元",
                value={
                    "payee": "7c0d5f3e-2a8b-4e0f-8f57-1f0f5c9f1a10",
                    "amount": 5680,
                    "quote_id": "0f6c0f5e-8f0e-4b57-9a0e-6f4d8f1f2f11",
                },
                request_only=True,
            ),
            OpenApiExample("缴费中", value=_BILL, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        payment = pay_bill(
            user_id=self.caller_id,
            device_id=self.device_id,
            payee_uid=wish["payee"],
            amount=wish["amount"],
            quote_id=wish["quote_id"],
            grant=self.step_up_grant,
        )
        return Response(BillPaymentOutput.answer(payment), status=201)

    @extend_schema(
        operation_id="list_bill_payments",
        summary="我的缴费 My bills, newest first",
        tags=TAGS,
        parameters=[Query],
        responses={200: page_output(BillPaymentOutput, "BillPaymentPage")},
        examples=[
            OpenApiExample(
                "一页", value={"items": [_PAID], "next_cursor": None, "has_more": False}, response_only=True
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        bills = bills_of(self.caller_id)
        if state := query.get("state"):
            bills = bills.filter(state=state)
        purpose = f"bills:{self.caller_id}"
        return Response(page_of(bills, output=BillPaymentOutput, query=query, purpose=purpose))


class OneBillPayment(Door):
    """What became of a bill."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="show_bill_payment",
        summary="查看缴费 One bill",
        tags=TAGS,
        responses=BillPaymentOutput,
        examples=[OpenApiExample("缴费成功", value=_PAID, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(BillPaymentOutput.answer(bill_for(self.caller_id, number)))
