"""My wallet."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from wallet.selectors.balances import explained_balance_of, past_balance_of
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door


class ShowWallet(Door):
    """How much I have, how much of it I can use now, and what the rest is held for."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class HoldOutput(OutputSerializer):
            reference = serializers.CharField(help_text="冻结对应的单号，例如正在支付的订单")
            amount = FenField()
            placed_at = TimeField()

        total = FenField(help_text="总余额 = 本金 + 赠金 + 返现")
        available = FenField(help_text="可用余额 = 总余额 − 冻结")
        held = FenField(help_text="冻结：已承诺、尚未扣除")
        principal = FenField(help_text="本金")
        bonus = FenField(help_text="赠金")
        cashback = FenField(help_text="返现")
        withdrawable = FenField(help_text="可提现；逐项说明见 wallet/withdrawable")
        frozen = serializers.BooleanField(help_text="钱包已停止支出")
        receives_nothing = serializers.BooleanField(help_text="钱包已停止收入；退款和已付的充值仍会到账")
        stopped_because = serializers.CharField(help_text="停止的原因，可直接展示；如有异议可联系客服申诉")
        stopped_until = TimeField(allow_null=True, help_text="到期自动恢复；null 为人工恢复")
        paused = serializers.BooleanField(help_text="资金业务暂停中：暂时不能充值、付款和退回，余额不受影响")
        holds = HoldOutput(many=True)

    @extend_schema(
        summary="我的钱包 My wallet",
        tags=["钱包 wallet"],
        responses=Output,
        examples=[
            OpenApiExample(
                "正在付款",
                value={
                    "total": 10_000,
                    "available": 7_000,
                    "held": 3_000,
                    "principal": 10_000,
                    "bonus": 0,
                    "cashback": 0,
                    "withdrawable": 7_000,
                    "frozen": False,
                    "receives_nothing": False,
                    "stopped_because": "",
                    "stopped_until": None,
                    "paused": False,
                    "holds": [
                        {
                            "reference": "O261121201530123Q7K0M2Z9XWDAX",
                            "amount": 3_000,
                            "placed_at": "2026-11-21T20:15:30+08:00",
                        }
                    ],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer(explained_balance_of(self.caller_id)))


class ShowPastBalance(Door):
    """What was in my wallet at a moment, to the fen, however long ago."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(InputSerializer):
        at = serializers.DateTimeField(help_text="时刻，ISO 8601，例如 2026-11-01T00:00:00+08:00")

    class Output(OutputSerializer):
        at = TimeField()
        total = FenField(help_text="总余额 = 本金 + 赠金 + 返现")
        principal = FenField(help_text="本金")
        bonus = FenField(help_text="赠金")
        cashback = FenField(help_text="返现")

    @extend_schema(
        summary="某一时刻的余额 My balance at a moment",
        tags=["钱包 wallet"],
        parameters=[Query],
        responses=Output,
        examples=[
            OpenApiExample(
                "月初余额",
                value={
                    "at": "2026-11-01T00:00:00+08:00",
                    "total": 10_000,
                    "principal": 10_000,
                    "bonus": 0,
                    "cashback": 0,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        moment = self.Query.read_query(request)["at"]
        return Response(self.Output.answer(past_balance_of(self.caller_id, moment)))
