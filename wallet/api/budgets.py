"""My budgets."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.api.records import MONTH, CategoryOutput
from wallet.errors import CategoryNotOffered
from wallet.selectors.budgets import budgets_of
from wallet.services.budgets import drop_budget, set_budget
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import InvalidInput

_TAGS = ["消费分析 insight"]
_TOTAL = "total"  # in the address, where others have the code of their category
_EXAMPLE = OpenApiExample(
    "十一月",
    value={
        "month": "2026-11",
        "items": [
            {
                "scope": "total",
                "category": None,
                "amount": 300_000,
                "spent": 251_080,
                "left": 48_920,
                "over": 0,
                "percent": 83,
                "level": 80,
            },
            {
                "scope": "food",
                "category": {"code": "food", "name": "餐饮", "symbol": "🍜"},
                "amount": 100_000,
                "spent": 35_600,
                "left": 64_400,
                "over": 0,
                "percent": 35,
                "level": 0,
            },
        ],
    },
    response_only=True,
)


class BudgetsOutput(OutputSerializer):
    class BudgetOutput(OutputSerializer):
        scope = serializers.SerializerMethodField(help_text="修改或删除时写在地址里：total 或分类编号")
        category = CategoryOutput(allow_null=True, help_text="null：全部支出")
        amount = FenField(help_text="每月预算")
        spent = FenField(help_text="本月净支出：已花 − 已退回，可能为负")
        left = FenField(help_text="还可以花")
        over = FenField(help_text="超出")
        percent = serializers.IntegerField(help_text="已用百分比，向下取整，可能大于 100")
        level = serializers.IntegerField(help_text="已达到的提醒档位：80 或 100；0：还没有")

        def get_scope(self, progress: Any) -> str:
            return progress.category.code if progress.category else _TOTAL

    month = serializers.CharField()
    items = BudgetOutput(many=True)


class Budgets(Door):
    """How far I have come with my budgets."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(InputSerializer):
        month = serializers.RegexField(rf"^{MONTH}\Z", required=False, help_text="默认本月；预算按现在的算")

    @extend_schema(
        summary="我的预算 My budgets",
        tags=_TAGS,
        parameters=[Query],
        responses=BudgetsOutput,
        examples=[_EXAMPLE],
    )
    def get(self, request: Request) -> Response:
        month = self.Query.read_query(request).get("month")
        return show_budgets(self.caller_id, month=month)


class OneBudget(Door):
    """Plan what to spend a month: `total` for everything, or a category's code."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (InvalidInput, CategoryNotOffered)

    class Input(InputSerializer):
        amount = FenField(help_text="每月预算")

    @extend_schema(
        operation_id="set_budget",
        summary="设置预算 Set a budget",
        tags=_TAGS,
        request=Input,
        responses=BudgetsOutput,
        examples=[_EXAMPLE, OpenApiExample("每月三千元", value={"amount": 300_000}, request_only=True)],
    )
    def put(self, request: Request, scope: str) -> Response:
        amount = self.Input.read(request)["amount"]
        set_budget(user_id=self.caller_id, category=category_of(scope), amount=amount)
        return show_budgets(self.caller_id)

    @extend_schema(
        operation_id="drop_budget", summary="删除预算 Drop a budget", tags=_TAGS, responses={204: None}
    )
    def delete(self, request: Request, scope: str) -> Response:
        drop_budget(user_id=self.caller_id, category=category_of(scope))
        return Response(status=204)


def category_of(scope: str) -> str | None:
    return None if scope == _TOTAL else scope


def show_budgets(user_id: int, *, month: str | None = None) -> Response:
    shown = month or clock.business_month(clock.now())
    return Response(BudgetsOutput.answer({"month": shown, "items": budgets_of(user_id, month=shown)}))
