"""What would this order cost me?"""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.errors import CouponNotApplicable, CouponNotUsable, PointsNotUsable, PointsShort
from coupons.rules.eligibility import Reason
from payments.api.discounts import CouponsField, PointsField
from payments.models import Payment
from payments.selectors.prices import price_of
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused


class QuoteOrder(Door):
    """
    The price with the coupons and points that I name; without any, with the best coupons. Paying asks again.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (CouponNotUsable, CouponNotApplicable, PointsShort, PointsNotUsable, Paused)

    class Input(InputSerializer):
        coupons = CouponsField(required=False, help_text="使用的优惠券券号；不填则自动选择最优组合")
        points = PointsField(default=0, help_text="使用的积分数")

    class Output(OutputSerializer):
        class UsedOutput(OutputSerializer):
            coupon = serializers.CharField(source="serial", help_text="券号；自动优惠为空")
            name = serializers.CharField()
            off = FenField(help_text="立即抵扣")
            back = FenField(help_text="付款后返还")

        class NotUsedOutput(OutputSerializer):
            coupon = serializers.CharField(source="serial", help_text="券号；自动优惠为空")
            name = serializers.CharField()
            reason = serializers.ChoiceField(choices=Reason.choices)
            reason_name = serializers.CharField(source="reason.label", help_text="可直接展示")
            missing = FenField(help_text="再消费多少即可使用；0 表示与金额无关")

        class UnlocksOutput(OutputSerializer):
            name = serializers.CharField()
            missing = FenField(help_text="再消费多少")
            gain = FenField(help_text="多优惠多少")

        class PointsOutput(OutputSerializer):
            there = serializers.IntegerField(source="points_there", help_text="我的可用积分")
            least = serializers.IntegerField(source="points.least")
            most = serializers.IntegerField(source="points.most", help_text="这笔订单最多可用")
            per_yuan = serializers.IntegerField(source="points.per_yuan", help_text="多少积分抵 1 元")
            used = serializers.IntegerField(source="discounts.points")
            worth = FenField(source="discounts.points_worth", help_text="抵扣金额")

        class OptionOutput(OutputSerializer):
            method = serializers.ChoiceField(choices=Payment.Method.choices)
            from_balance = FenField()
            from_channel = FenField()
            is_covered = serializers.BooleanField(help_text="余额足够支付余额部分")
            earns = serializers.IntegerField(help_text="预计获得积分")

        amount = FenField(source="order.amount")
        due = FenField(help_text="优惠后还需支付")
        coupons = UsedOutput(source="discounts.used", many=True)
        others = NotUsedOutput(source="discounts.others", many=True, help_text="未使用的优惠及原因")
        unlocks = UnlocksOutput(source="discounts.unlocks", allow_null=True)
        points = PointsOutput(source="discounts")
        options = OptionOutput(many=True)

    @extend_schema(
        operation_id="quote_order",
        summary="订单价格预览 What an order would cost, and with which discounts",
        tags=["订单 orders"],
        request=Input,
        responses={200: Output},
        examples=[
            OpenApiExample("最优组合", value={}, request_only=True),
            OpenApiExample(
                "指定优惠券和积分",
                value={"coupons": ["C261121201531456H3T8V1N6YBCE2"], "points": 300},
                request_only=True,
            ),
            OpenApiExample(
                "立减 5 元，300 积分抵 3 元",
                value={
                    "amount": 5800,
                    "due": 5000,
                    "coupons": [
                        {
                            "coupon": "C261121201531456H3T8V1N6YBCE2",
                            "name": "满 50 减 5",
                            "off": 500,
                            "back": 0,
                        }
                    ],
                    "others": [
                        {
                            "coupon": "C261121201531456H3T8V1N6YBCF3",
                            "name": "满 60 减 8",
                            "reason": "BELOW_THRESHOLD",
                            "reason_name": "未达到使用门槛",
                            "missing": 200,
                        }
                    ],
                    "unlocks": {"name": "满 60 减 8", "missing": 200, "gain": 300},
                    "points": {
                        "there": 1200,
                        "least": 1,
                        "most": 2900,
                        "per_yuan": 100,
                        "used": 300,
                        "worth": 300,
                    },
                    "options": [
                        {
                            "method": "balance",
                            "from_balance": 5000,
                            "from_channel": 0,
                            "is_covered": False,
                            "earns": 50,
                        },
                        {
                            "method": "wechat",
                            "from_balance": 0,
                            "from_channel": 5000,
                            "is_covered": True,
                            "earns": 50,
                        },
                        {
                            "method": "combined",
                            "from_balance": 3000,
                            "from_channel": 2000,
                            "is_covered": True,
                            "earns": 50,
                        },
                    ],
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        said = self.Input.read(request)
        price = price_of(
            payer_id=self.caller_id,
            order_no=number,
            coupons=frozenset(said["coupons"]) if "coupons" in said else None,
            points=said["points"],
            at=clock.now(),
        )
        return Response(self.Output.answer(price))
