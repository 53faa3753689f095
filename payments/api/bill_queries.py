"""What do I owe, and to whom?"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from payments.api.billers import BILLER_EXAMPLE, TAGS, BillerOutput
from payments.errors import (
    BillAccountUnknown,
    BillerNotOffered,
    BillersUnavailable,
    CardNotBound,
    NothingOwed,
    PayeeInUse,
    TooManyPayees,
)
from payments.selectors.billers import bill_accounts_of
from payments.services.payees import find_bill, find_bill_again, forget_account
from wallet.errors import NotInThisMode
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door

_PAYEE = "7c0d5f3e-2a8b-4e0f-8f57-1f0f5c9f1a10"


class AccountField(StrictCharField):
    default_error_messages = {"account": _("户号只能是 4 至 32 位字母、数字或 -")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not (4 <= len(text) <= 32 and text.isascii() and text.replace("-", "").isalnum()):
            self.fail("account")
        return text


class BillQueries(Door):
    """
    Ask the biller. An account that exists is remembered, and its `payee` is what a payment names.

    A bill that is paid as it stands or not at all has `least` = `most` = `due`; where nothing is due but may
    be paid in advance, `due` is 0.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "bills"
    errors = (
        NotInThisMode,
        BillerNotOffered,
        BillAccountUnknown,
        NothingOwed,
        CardNotBound,
        TooManyPayees,
        BillersUnavailable,
    )

    class Input(InputSerializer):
        biller = serializers.SlugField(max_length=32, required=False, help_text="机构编号，与 account 一起")
        account = AccountField(required=False, help_text="户号或手机号")
        payee = serializers.UUIDField(required=False, help_text="已绑定的卡或查询过的户号")

        def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
            """An account at a biller, or a payee that is known."""
            if set(wish) not in ({"biller", "account"}, {"payee"}):
                raise serializers.ValidationError({"payee": [_("请提供 biller 和 account，或只提供 payee")]})
            return wish

    class Output(OutputSerializer):
        payee = serializers.UUIDField(source="payee.uid")
        name = serializers.CharField(source="payee", help_text="可直接展示")
        biller = BillerOutput(source="payee.biller")
        owner_masked = serializers.CharField(source="bill.owner_masked")
        due = FenField(min_value=0, source="bill.due", help_text="应缴；0 为没有欠费，可以预存")
        due_date = serializers.DateField(source="bill.due_date", allow_null=True)
        least = FenField(source="bill.least", help_text="单次最少")
        most = FenField(source="bill.most", help_text="单次最多")

    @extend_schema(
        operation_id="query_bill",
        summary="查询账单 What is owed",
        tags=TAGS,
        request=Input,
        responses=Output,
        examples=[
            OpenApiExample("凭户号", value={"biller": "power", "account": "30012345"}, request_only=True),
            OpenApiExample("再次查询，或信用卡", value={"payee": _PAYEE}, request_only=True),
            OpenApiExample(
                "电费 56.80 元",
                value={
                    "payee": _PAYEE,
                    "name": "城市供电公司 尾号 2345",
                    "biller": BILLER_EXAMPLE,
                    "owner_masked": "王**",
                    "due": 5680,
                    "due_date": "2026-12-20",
                    "least": 100,
                    "most": 1000000,
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        if "payee" in wish:
            payee, bill = find_bill_again(user_id=self.caller_id, uid=wish["payee"])
        else:
            payee, bill = find_bill(
                user_id=self.caller_id, biller_code=wish["biller"], account=wish["account"]
            )
        return Response(self.Output.answer({"payee": payee, "bill": bill}))


class BillAccountOutput(OutputSerializer):
    id = serializers.UUIDField(source="uid")
    biller = BillerOutput()
    tail = serializers.CharField(help_text="户号后四位")
    owner_masked = serializers.CharField(source="owner")
    added_at = TimeField(source="created_at")


class BillAccounts(Door):
    """The accounts I have asked about."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        items = BillAccountOutput(many=True)

    @extend_schema(
        operation_id="list_bill_accounts",
        summary="我的缴费账户 My accounts at billers",
        tags=TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "一户",
                value={
                    "items": [
                        {
                            "id": _PAYEE,
                            "biller": BILLER_EXAMPLE,
                            "tail": "2345",
                            "owner_masked": "王**",
                            "added_at": "2026-11-21T20:15:30+08:00",
                        }
                    ]
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer({"items": bill_accounts_of(self.caller_id)}))


class OneBillAccount(Door):
    """Forget an account."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (PayeeInUse,)

    @extend_schema(
        operation_id="forget_bill_account",
        summary="删除缴费账户 Forget an account",
        tags=TAGS,
        responses={204: None},
    )
    def delete(self, request: Request, payee: str) -> Response:
        forget_account(user_id=self.caller_id, uid=payee)
        return Response(status=204)
