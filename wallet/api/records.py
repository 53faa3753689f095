"""My history and its months."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.rules.kinds import Direction, RecordKind
from wallet.selectors.records import month_totals, records_of
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door

MONTH = r"20[0-9][0-9]-(?:0[1-9]|1[0-2])"


class RecordOutput(OutputSerializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=RecordKind.choices)
    kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")
    direction = serializers.ChoiceField(choices=Direction.choices)
    amount = FenField(help_text="总金额 = 余额部分 + 微信部分")
    balance_amount = FenField(help_text="钱包余额变动的部分")
    channel_amount = FenField(help_text="经微信支付的部分")
    balance_after = FenField(help_text="这笔之后的总余额")
    title = serializers.CharField()
    reference = serializers.CharField(help_text="订单号或充值单号")
    occurred_at = TimeField()


class ListRecords(Door):
    """What happened in my wallet, newest first."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(PageQuery):
        kind = serializers.ChoiceField(choices=RecordKind.choices, required=False)
        month = serializers.RegexField(rf"^{MONTH}\Z", required=False, help_text="2026-11，按上海时间")

    @extend_schema(
        summary="账单记录 My records, newest first",
        tags=["钱包 wallet"],
        parameters=[Query],
        responses=page_output(RecordOutput, "RecordPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [
                        {
                            "id": "2048",
                            "kind": "payment",
                            "kind_name": "付款",
                            "direction": "out",
                            "amount": 9_499,
                            "balance_amount": 3_000,
                            "channel_amount": 6_499,
                            "balance_after": 7_000,
                            "title": "双人套餐",
                            "reference": "O261121201530123Q7K0M2Z9XWDAX",
                            "occurred_at": "2026-11-21T20:15:30+08:00",
                        }
                    ],
                    "next_cursor": None,
                    "has_more": False,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        rows = records_of(self.caller_id, kind=query.get("kind"), month=query.get("month"))
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
