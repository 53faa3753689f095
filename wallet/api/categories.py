"""Spending categories, and what I taught the wallet about them."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.api.records import RECORD_EXAMPLE, CategoryOutput, RecordOutput
from wallet.errors import CategoryNotOffered, RecordNotSpending
from wallet.selectors.categories import offered_categories, taught_rules_of
from wallet.services.categories import correct_category, forget_habit
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    StrictBooleanField,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import InvalidInput

_TAGS = ["消费分析 insight"]
_FOOD = {"code": "food", "name": "餐饮", "symbol": "🍜"}
_TAUGHT = {"id": 7, "shown": "人民路店", "category": _FOOD, "taught_at": "2026-11-21T20:16:02+08:00"}


class TaughtRuleOutput(OutputSerializer):
    id = serializers.IntegerField()
    shown = serializers.CharField(help_text="对方名称，没有对方时是标题")
    category = CategoryOutput()
    taught_at = TimeField()


class Categories(Door):
    """What a payment can be filed under, in the order to show it."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        items = CategoryOutput(many=True)

    @extend_schema(
        summary="消费分类 Spending categories",
        tags=_TAGS,
        responses=Output,
        examples=[OpenApiExample("分类", value={"items": [_FOOD]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer({"items": offered_categories()}))


class CorrectCategory(Door):
    """This payment belongs under another category; and, if I wish, later ones to the same payee as well."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (InvalidInput, CategoryNotOffered, RecordNotSpending)

    class Input(InputSerializer):
        category = StrictCharField(max_length=16, help_text="分类编号，见 GET wallet/categories")
        for_later = StrictBooleanField(
            default=False, help_text="记住：以后付给同一对方（没有对方时按标题文字）的都归到这一类"
        )

    class Output(OutputSerializer):
        record = RecordOutput()
        taught = TaughtRuleOutput(allow_null=True, help_text="这次记住的规则；没有记住时为 null")

    @extend_schema(
        summary="修改一笔支出的分类 File a payment elsewhere",
        tags=_TAGS,
        request=Input,
        responses=Output,
        examples=[
            OpenApiExample(
                "归到餐饮，并记住", value={"category": "food", "for_later": True}, request_only=True
            ),
            OpenApiExample(
                "已归类",
                value={"record": {**RECORD_EXAMPLE, "filed_by": "owner"}, "taught": _TAUGHT},
                response_only=True,
            ),
        ],
    )
    def put(self, request: Request, record: int) -> Response:
        wish = self.Input.read(request)
        corrected, taught = correct_category(user_id=self.caller_id, record_id=record, **wish)
        return Response(self.Output.answer({"record": corrected, "taught": taught}))


class TaughtRules(Door):
    """What I taught with my corrections, newest first."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        summary="我教过的分类 What I taught",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(TaughtRuleOutput, "TaughtRulePage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_TAUGHT], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        page = page_of(
            taught_rules_of(self.caller_id),
            output=TaughtRuleOutput,
            query=query,
            purpose=f"category-rules:{self.caller_id}",
        )
        return Response(page)


class ForgetTaughtRule(Door):
    """Forget what I taught: later payments are filed by the rules for everybody."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    @extend_schema(summary="忘掉一条 Forget one of them", tags=_TAGS, responses={204: None})
    def delete(self, request: Request, rule: int) -> Response:
        forget_habit(user_id=self.caller_id, taught_id=rule)
        return Response(status=204)
