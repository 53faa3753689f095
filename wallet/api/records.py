"""My history and its months."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.errors import SearchTooBroad
from wallet.models import FiledBy
from wallet.rules.kinds import Direction, RecordKind
from wallet.selectors.records import Wanted, month_totals, records_of
from wallet_project.kit import clock
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    ChoicesField,
    DayField,
    FenField,
    FenTextField,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.db import time_limit

MONTH = r"20[0-9][0-9]-(?:0[1-9]|1[0-2])"
COUNTERPARTY = r"^(?:user|store|shop|biller):[0-9A-Za-z_\-]{1,57}\Z"
SEARCH_MILLISECONDS = 2_000  # a text may be anywhere in a long history, and nobody waits longer for it


class CategoryOutput(OutputSerializer):
    code = serializers.CharField()
    name = serializers.CharField(source="label", help_text="可直接展示")
    symbol = serializers.CharField(help_text="一个表情符号")


class RecordOutput(OutputSerializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=RecordKind.choices)
    kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")
    direction = serializers.ChoiceField(choices=Direction.choices)
    amount = FenField(help_text="总金额 = 余额部分 + 微信部分")
    balance_amount = FenField(help_text="钱包余额变动的部分")
    channel_amount = FenField(help_text="经微信支付的部分")
    discount_amount = FenField(help_text="总金额之外，由优惠券和积分抵扣的部分")
    balance_after = FenField(help_text="这笔之后的总余额")
    fee = FenField(help_text="总金额中的手续费")
    counterparty = serializers.CharField(help_text="对方，例如 store:renmin；没有时为空")
    counterparty_name = serializers.CharField(help_text="对方名称，可直接展示；个人已脱敏")
    title = serializers.CharField()
    reference = serializers.CharField(help_text="订单号或充值单号")
    occurred_at = TimeField()
    category = CategoryOutput(source="filed.category")
    filed_by = serializers.ChoiceField(
        source="filed.filed_by", choices=FiledBy.choices, help_text="这个分类是谁定的"
    )


RECORD_EXAMPLE = {
    "id": "2048",
    "kind": "payment",
    "kind_name": "付款",
    "direction": "out",
    "amount": 9_499,
    "balance_amount": 3_000,
    "channel_amount": 6_499,
    "discount_amount": 500,
    "balance_after": 7_000,
    "fee": 0,
    "counterparty": "store:renmin",
    "counterparty_name": "人民路店",
    "title": "双人套餐",
    "reference": "O261121201530123Q7K0M2Z9XWDAX",
    "occurred_at": "2026-11-21T20:15:30+08:00",
    "category": {"code": "food", "name": "餐饮", "symbol": "🍜"},
    "filed_by": "rule",
}


class ListRecords(Door):
    """What happened in my wallet, newest first."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (SearchTooBroad,)

    class Query(PageQuery):
        kind = ChoicesField(
            choices=RecordKind, required=False, help_text="类型，可多个：payment,refund", source="kinds"
        )
        direction = serializers.ChoiceField(choices=Direction.choices, required=False)
        month = serializers.RegexField(rf"^{MONTH}\Z", required=False, help_text="2026-11，按上海时间")
        date_from = DayField(required=False, help_text="从这一天起（上海时间）")
        date_to = DayField(required=False, help_text="到这一天止，含当天")
        amount_from = FenTextField(required=False, help_text="最小金额（分）")
        amount_to = FenTextField(required=False, help_text="最大金额（分）")
        counterparty = serializers.RegexField(
            COUNTERPARTY, required=False, help_text="对方，例如 store:renmin"
        )
        category = serializers.SlugField(required=False, max_length=16, help_text="分类编号，例如 food")
        text = StrictCharField(required=False, max_length=64, help_text="标题、对方名称或单号中包含的文字")

        def validate(self, wish: dict[str, Any]) -> dict[str, Any]:
            for first, last in (("date_from", "date_to"), ("amount_from", "amount_to")):
                if first in wish and last in wish and wish[first] > wish[last]:
                    raise serializers.ValidationError({last: [_("范围的终点早于起点")]})
            return wish

    @extend_schema(
        summary="账单记录 My records, newest first; searched and narrowed",
        tags=["钱包 wallet"],
        parameters=[Query],
        responses=page_output(RecordOutput, "RecordPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [RECORD_EXAMPLE],
                    "next_cursor": None,
                    "has_more": False,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        rows = records_of(self.caller_id, _wanted(query))
        with (
            time_limit(SEARCH_MILLISECONDS, otherwise=SearchTooBroad()) if "text" in query else nullcontext()
        ):
            page = page_of(rows, output=RecordOutput, query=query, purpose=f"records:{self.caller_id}")
        return Response(page)


class ShowMonth(Door):
    """What one month adds up to."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class KindOutput(OutputSerializer):
            kind = serializers.ChoiceField(choices=RecordKind.choices)
            direction = serializers.ChoiceField(choices=Direction.choices)
            amount = FenField()
            count = serializers.IntegerField()

        month = serializers.CharField()
        income = FenField(help_text="收入合计")
        expense = FenField(help_text="支出合计")
        kinds = KindOutput(many=True)

    @extend_schema(
        summary="月度合计 What a month adds up to",
        tags=["钱包 wallet"],
        responses=Output,
        examples=[
            OpenApiExample(
                "十一月",
                value={
                    "month": "2026-11",
                    "income": 10_000,
                    "expense": 9_499,
                    "kinds": [
                        {"kind": "payment", "direction": "out", "amount": 9_499, "count": 1},
                        {"kind": "top_up", "direction": "in", "amount": 10_000, "count": 1},
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, month: str) -> Response:
        return Response(self.Output.answer(month_totals(self.caller_id, month)))


def _wanted(query: dict[str, Any]) -> Wanted:
    """The wishes of a query, its days as the instants between which they lie."""
    first, last = query.get("date_from"), query.get("date_to")
    said = {name: query[name] for name in query.keys() & Wanted.__dataclass_fields__.keys()}
    return Wanted(
        **said,
        since=first and clock.beginning_of(first),
        before=last and clock.beginning_of(last + timedelta(days=1)),
    )
