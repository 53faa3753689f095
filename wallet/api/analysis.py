"""Where my money went."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.api.records import MONTH, CategoryOutput, RecordOutput
from wallet.rules.unusual import Oddity
from wallet.selectors.analysis import analysis_of
from wallet.selectors.periods import month_period, year_period
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door

YEAR = r"20[0-9][0-9]"


class AnalysisOutput(OutputSerializer):
    class CategoryLine(OutputSerializer):
        category = CategoryOutput()
        spent = FenField(help_text="支出")
        returned = FenField(help_text="退回")
        net = FenField(help_text="净支出 = 支出 − 退回，可能为负")
        count = serializers.IntegerField(help_text="支出笔数")
        share = serializers.IntegerField(help_text="占净支出的万分比；各类相加为 10000")
        net_before = FenField(help_text="上一期的净支出")
        net_before_so_far = FenField(
            allow_null=True, help_text="上一期同样长的时间里的净支出；本期已结束时为 null"
        )

    class TrendLine(OutputSerializer):
        month = serializers.CharField()
        net = FenField(help_text="净支出")
        income = FenField(help_text="收入")

    class PayeeLine(OutputSerializer):
        name = serializers.CharField()
        net = FenField(help_text="净支出")
        count = serializers.IntegerField(help_text="支出笔数")

    class Before(OutputSerializer):
        period = serializers.CharField()
        net = FenField(help_text="上一期净支出")
        net_so_far = FenField(allow_null=True, help_text="上一期同样长的时间里的净支出；本期已结束时为 null")

    class Unusual(OutputSerializer):
        class Reason(OutputSerializer):
            code = serializers.ChoiceField(choices=Oddity.choices)
            text = serializers.CharField(help_text="可直接展示")

        record = RecordOutput()
        reasons = serializers.SerializerMethodField()

        def get_reasons(self, line: Any) -> "list[dict[str, str]]":
            return [{"code": oddity.value, "text": str(oddity.label)} for oddity in line.oddities]

    period = serializers.CharField(help_text="2026-11 或 2026")
    is_running = serializers.BooleanField(help_text="本期还没有结束")
    spent = FenField(help_text="支出合计")
    returned = FenField(help_text="支出退回合计")
    net = FenField(help_text="净支出 = 支出 − 退回")
    income = FenField(help_text="收入合计：收到的转账、红包、赠送")
    moved_in = FenField(help_text="自有资金转入：充值、提现退回、调账，不算收入")
    moved_out = FenField(help_text="自有资金转出：提现、退回微信、到期、调账，不算支出")
    categories = CategoryLine(many=True)
    trend = TrendLine(many=True, help_text="到本月为止的十二个月；按年查询时为当年十二个月")
    payees = PayeeLine(many=True, help_text="付得最多的对方，至多十个")
    before = Before()
    largest = RecordOutput(many=True, help_text="最大的五笔支出")
    unusual = Unusual(many=True, help_text="值得留意的支出；只按月给出")


_FOOD = {"code": "food", "name": "餐饮", "symbol": "🍜"}
_LINE = {
    "id": "2048",
    "kind": "payment",
    "kind_name": "付款",
    "direction": "out",
    "amount": 29_800,
    "balance_amount": 29_800,
    "channel_amount": 0,
    "balance_after": 7_000,
    "title": "人民路店",
    "reference": "O261121201530123Q7K0M2Z9XWDAX",
    "occurred_at": "2026-11-21T20:15:30+08:00",
    "category": _FOOD,
    "filed_by": "habit",
}
_EXAMPLE = OpenApiExample(
    "十一月",
    value={
        "period": "2026-11",
        "is_running": True,
        "spent": 50_800,
        "returned": 1_000,
        "net": 49_800,
        "income": 6_600,
        "moved_in": 100_000,
        "moved_out": 0,
        "categories": [
            {
                "category": _FOOD,
                "spent": 50_800,
                "returned": 1_000,
                "net": 49_800,
                "count": 6,
                "share": 10_000,
                "net_before": 61_200,
                "net_before_so_far": 43_500,
            }
        ],
        "trend": [
            {"month": "2026-10", "net": 61_200, "income": 0},
            {"month": "2026-11", "net": 49_800, "income": 6_600},
        ],
        "payees": [{"name": "人民路店", "net": 49_800, "count": 6}],
        "before": {"period": "2026-10", "net": 61_200, "net_so_far": 43_500},
        "largest": [_LINE],
        "unusual": [
            {"record": _LINE, "reasons": [{"code": "LARGE", "text": "明显高于您近 90 天在这一类的消费"}]}
        ],
    },
    response_only=True,
)


class ShowAnalysis(Door):
    """Where my money went in a month or a year, and how that compares."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(InputSerializer):
        month = serializers.RegexField(rf"^{MONTH}\Z", required=False, help_text="2026-11；默认本月")
        year = serializers.RegexField(rf"^{YEAR}\Z", required=False, help_text="2026；不能与 month 一起用")

        def validate(self, asked: dict) -> dict:
            if len(asked) > 1:
                raise serializers.ValidationError({"year": [_("month 和 year 只能填一个")]})
            return asked

    @extend_schema(
        summary="消费分析 Where my money went",
        tags=["消费分析 insight"],
        parameters=[Query],
        responses=AnalysisOutput,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        asked, now = self.Query.read_query(request), clock.now()
        if year := asked.get("year"):
            period = year_period(year)
        else:
            period = month_period(asked.get("month") or clock.business_month(now))
        return Response(AnalysisOutput.answer(analysis_of(self.caller_id, period, at=now)))
