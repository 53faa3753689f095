"""After paying: what it has earned me, and what I might like next."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.rules.rewards import RewardKind, RewardState
from coupons.selectors.earned import earned_by
from coupons.selectors.recommendations import recommendations_for
from coupons.services.recommendations import note_shown
from payments.models import Order
from payments.selectors.orders import order_for
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import OutputSerializer, TimeField
from wallet_project.kit.api.views import Door


class OrderResult(Door):
    """What an order of mine earned, expected or there; and recommendations, each with its reason."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class EarnedOutput(OutputSerializer):
            class RewardOutput(OutputSerializer):
                title = serializers.CharField()
                kind = serializers.ChoiceField(choices=RewardKind.choices)
                amount = serializers.IntegerField(help_text="积分数，或金额（分）")
                state = serializers.ChoiceField(choices=RewardState.choices)
                vests_at = TimeField(help_text="预计到账")

            is_told = serializers.BooleanField(help_text="false：还在计算，请稍后再取")
            points = serializers.IntegerField(help_text="所得积分，已扣除退款部分")
            points_from = TimeField(allow_null=True, help_text="积分从这一刻起可用")
            growth = serializers.IntegerField(help_text="成长值")
            rewards = RewardOutput(many=True)

        class NextOutput(OutputSerializer):
            key = serializers.CharField(help_text="点击时送回 POST recommendations/clicks")
            title = serializers.CharField()
            reason = serializers.CharField(help_text="推荐理由，可直接展示")

        state = serializers.ChoiceField(choices=Order.State.choices)
        earned = EarnedOutput()
        recommendations = NextOutput(many=True)
        is_personal = serializers.BooleanField(help_text="false 时为热门推荐，与个人信息无关，请如实标明")

    @extend_schema(
        operation_id="show_order_result",
        summary="支付结果页 What an order earned, and what is next",
        tags=["订单 orders"],
        responses=Output,
        examples=[
            OpenApiExample(
                "已支付",
                value={
                    "state": "PAID",
                    "earned": {
                        "is_told": True,
                        "points": 58,
                        "points_from": "2026-11-28T20:15:41+08:00",
                        "growth": 58,
                        "rewards": [
                            {
                                "title": "周末咖啡返现",
                                "kind": "CASHBACK",
                                "amount": 290,
                                "state": "PENDING",
                                "vests_at": "2026-11-28T20:15:41+08:00",
                            }
                        ],
                    },
                    "recommendations": [
                        {"key": "coupons", "title": "优惠券", "reason": "您的 3 张优惠券即将到期"}
                    ],
                    "is_personal": True,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, number: str) -> Response:
        order = order_for(self.caller_id, number)
        found = recommendations_for(self.caller_id, at=clock.now())
        if found.wants_personal:
            note_shown(user_id=self.caller_id)
        return Response(
            self.Output.answer(
                {
                    "state": order.state,
                    "earned": earned_by(order.number, user_id=self.caller_id),
                    "recommendations": found.cards,
                    "is_personal": found.is_personal,
                }
            )
        )
