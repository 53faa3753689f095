"""What I may move, what is left of it, and what would raise it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.rules.kyc import KycLevel, Step
from wallet.rules.limits import LIMITED, Period
from wallet.selectors.limits import MyLimits, limits_of
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door


class PeriodOutput(OutputSerializer):
    period = serializers.ChoiceField(choices=Period.choices)
    title = serializers.CharField(help_text="可直接展示")
    limit = serializers.IntegerField(min_value=0, help_text="限额，分；period 为 times 时是笔数")


class LimitOutput(PeriodOutput):
    used = serializers.IntegerField(min_value=0, help_text="已用")
    left = serializers.IntegerField(min_value=0, help_text="剩余")
    resets_at = TimeField(allow_null=True, help_text="何时恢复；单笔和累计不恢复，为 null")


class MoveLimitsOutput(OutputSerializer):
    move = serializers.ChoiceField(choices=LIMITED, help_text="out 是所有余额支出（不含提现）的合计")
    title = serializers.CharField(help_text="可直接展示")
    is_on = serializers.BooleanField(help_text="此钱包是否提供")
    left = FenField(min_value=0, help_text="现在一笔最多可以多少，已计入合计限额，未计余额")
    limits = LimitOutput(many=True)
    at_next_level = PeriodOutput(many=True, help_text="升级后的限额；没有列出的期间不限")


class NextLevelOutput(OutputSerializer):
    class StepOutput(OutputSerializer):
        code = serializers.ChoiceField(choices=Step.choices)
        title = serializers.CharField()

    level = serializers.ChoiceField(choices=KycLevel.choices)
    title = serializers.CharField(help_text="可直接展示")
    missing = StepOutput(many=True, help_text="还差哪几步")
    cap = FenField(min_value=0, help_text="升级后的余额上限")


class BalanceOutput(OutputSerializer):
    cap = FenField(min_value=0, help_text="本金余额上限")
    principal = FenField(help_text="现有本金")
    coming = FenField(min_value=0, help_text="充值中、尚未到账")
    room = FenField(min_value=0, source="left", help_text="还可以转入或充值多少")


_EXAMPLE: dict[str, Any] = {
    "level": 1,
    "level_name": "一类：已验证手机号",
    "next_level": {
        "level": 2,
        "title": "二类：已实名认证",
        "missing": [{"code": "VERIFY_NAME", "title": "核验姓名、身份证号和手机号"}],
        "cap": 10_000_000,
    },
    "moves": [
        {
            "move": "transfer",
            "title": "转账",
            "is_on": True,
            "left": 20_000,
            "limits": [
                {
                    "period": "day",
                    "title": "单日",
                    "limit": 50_000,
                    "used": 10_000,
                    "left": 40_000,
                    "resets_at": "2026-11-22T00:00:00+08:00",
                }
            ],
            "at_next_level": [{"period": "day", "title": "单日", "limit": 500_000}],
        }
    ],
    "balance": {"cap": 1_000_000, "principal": 30_000, "coming": 0, "room": 970_000},
}


class ShowLimits(Door):
    """Per move: each limit, what is used and left, when it begins anew; and what the next level allows."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        level = serializers.ChoiceField(choices=KycLevel.choices)
        level_name = serializers.CharField(help_text="可直接展示")
        next_level = NextLevelOutput(allow_null=True, help_text="怎样提高；已是最高等级时为 null")
        moves = MoveLimitsOutput(many=True)
        balance = BalanceOutput()

    @extend_schema(
        operation_id="show_limits",
        summary="我的限额 My limits",
        tags=["钱包 wallet"],
        responses=Output,
        examples=[OpenApiExample("一类账户", value=_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer(_shown(limits_of(self.caller_id, at=clock.now()))))


def _shown(mine: MyLimits) -> dict[str, Any]:
    higher = mine.next_level
    return {
        "level": mine.level,
        "level_name": mine.level.label,
        "next_level": higher
        and {
            "level": higher.level,
            "title": higher.level.label,
            "missing": [{"code": step, "title": step.label} for step in higher.missing],
            "cap": higher.cap,
        },
        "moves": [
            {
                "move": each.move,
                "title": each.title,
                "is_on": each.is_on,
                "left": each.left,
                "limits": [
                    {
                        "period": limit.period,
                        "title": limit.period.label,
                        "limit": limit.limit,
                        "used": limit.used,
                        "left": limit.left,
                        "resets_at": limit.resets_at,
                    }
                    for limit in each.limits
                ],
                "at_next_level": [
                    {"period": period, "title": period.label, "limit": limit}
                    for period, limit in each.at_next_level
                ],
            }
            for each in mine.moves
        ],
        "balance": mine.room,
    }
