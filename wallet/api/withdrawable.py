"""How much of my money I may take out, and why not all of it."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.selectors.lots import WithdrawableLine, expiring_lots_of, withdrawable_of
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door

SOON = timedelta(days=90)
TITLES = {
    "total": _("钱包总余额"),
    "bonus": _("赠金不可提现"),
    "cashback": _("返现不可提现"),
    "held": _("已冻结，等待付款或转出完成"),
    "package": _("套餐充值的本金：可消费，或申请充值退款"),
    "elsewhere": _("来源不能退回微信：可消费，不能提现"),
    "frozen": _("钱包已被冻结，暂时不能转出"),
}


class ShowWithdrawable(Door):
    """Line by line; the lines add up to the amount."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class Line(OutputSerializer):
            code = serializers.CharField()
            title = serializers.SerializerMethodField()
            amount = FenField(help_text="正数为加，负数为减")

            def get_title(self, line: WithdrawableLine) -> str:
                return str(TITLES[line.code])

        amount = FenField(help_text="可提现金额")
        lines = Line(many=True)

    @extend_schema(
        operation_id="show_withdrawable",
        summary="可提现金额说明 What I may take out, explained",
        tags=["钱包 wallet"],
        responses=Output,
        examples=[
            OpenApiExample(
                "赠金和冻结不可提现",
                value={
                    "amount": 7_000,
                    "lines": [
                        {"code": "total", "title": "钱包总余额", "amount": 12_000},
                        {"code": "bonus", "title": "赠金不可提现", "amount": -2_000},
                        {"code": "held", "title": "已冻结，等待付款或转出完成", "amount": -3_000},
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer(withdrawable_of(self.caller_id, at=clock.now())))


class ListExpiringGifts(Door):
    """What I was given and should use soon: the next to end first, within ninety days."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class Item(OutputSerializer):
            amount = FenField(source="remaining")
            expires_at = TimeField()

        items = Item(many=True)

    @extend_schema(
        operation_id="list_expiring_gifts",
        summary="即将到期的赠金 Gifts that end soon",
        tags=["钱包 wallet"],
        responses=Output,
        examples=[
            OpenApiExample(
                "一笔",
                value={"items": [{"amount": 500, "expires_at": "2026-12-31T00:00:00+08:00"}]},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        lots = expiring_lots_of(self.caller_id, before=clock.now() + SOON)[:100]
        return Response(self.Output.answer({"items": lots}))
