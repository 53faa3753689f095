"""My points: how many, what happened to them, how to earn more."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.rules.point_rules import EarnEvent
from coupons.rules.points import HistoryKind
from coupons.selectors.point_rules import rules_in_force
from coupons.selectors.points import history_of, points_of
from wallet_project.kit import clock
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import OutputSerializer, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.places import name_places

_TAGS = ["积分 points"]
_LINE = {
    "kind": "TAKEN_BACK",
    "kind_name": "退款收回",
    "points": -40,
    "owed": 60,
    "title": "退款：两杯拿铁",
    "reference": "O2611212015301237Q4K0M2Z9XWD2",
    "at": "2026-11-21T20:15:30+08:00",
}


class ShowPoints(Door):
    """How many I have, and which end before long."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class ExpiringOutput(OutputSerializer):
            points = serializers.IntegerField()
            expires_at = TimeField(help_text="从这一刻起不能再用")

        class PolicyOutput(OutputSerializer):
            per_yuan = serializers.IntegerField(help_text="多少积分抵 1 元")
            order_share = serializers.IntegerField(help_text="每单最多抵扣，万分之一：5000 为 50%")
            refund_days = serializers.IntegerField(help_text="消费所得积分几天后可用")

        pending = serializers.IntegerField(source="account.pending", help_text="待生效：过了退款期可用")
        active = serializers.IntegerField(source="account.active", help_text="可用")
        reserved = serializers.IntegerField(source="account.reserved", help_text="预留给正在支付的订单")
        debt = serializers.IntegerField(
            source="account.debt", help_text="欠缴：消费退款时所得积分已用掉的部分，由以后的积分先补上"
        )
        expiring = ExpiringOutput(many=True, help_text="即将到期，先到期的在前")
        policy = PolicyOutput()

    @extend_schema(
        operation_id="show_points",
        summary="我的积分 My points",
        tags=_TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "有积分即将到期",
                value={
                    "pending": 35,
                    "active": 1_280,
                    "reserved": 0,
                    "debt": 0,
                    "expiring": [{"points": 200, "expires_at": "2026-12-22T00:00:00+08:00"}],
                    "policy": {"per_yuan": 100, "order_share": 5000, "refund_days": 7},
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer(points_of(self.caller_id, at=clock.now())))


class PointsHistory(Door):
    """What happened to my points."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Item(OutputSerializer):
        kind = serializers.ChoiceField(choices=HistoryKind.choices)
        kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")
        points = serializers.IntegerField(help_text="增加为正，减少为负")
        owed = serializers.IntegerField(help_text="其中转为欠缴的积分")
        title = serializers.CharField()
        reference = serializers.CharField(help_text="订单号、兑换单号等；没有时为空")
        at = TimeField()

    @extend_schema(
        operation_id="list_points_history",
        summary="积分明细 What happened to my points, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(Item, "PointsHistoryPage"),
        examples=[
            OpenApiExample(
                "一页", value={"items": [_LINE], "next_cursor": None, "has_more": False}, response_only=True
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        purpose = f"points:{self.caller_id}"
        return Response(page_of(history_of(self.caller_id), output=self.Item, query=query, purpose=purpose))


class EarnRules(Door):
    """How points are earned now."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class RuleOutput(OutputSerializer):
            event = serializers.ChoiceField(choices=EarnEvent.choices)
            name = serializers.CharField()
            words = serializers.CharField(help_text="可直接展示，门店以名称列出")
            ends_at = TimeField(allow_null=True)

        items = RuleOutput(many=True)

    @extend_schema(
        operation_id="list_earn_rules",
        summary="怎样得积分 How points are earned",
        tags=_TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "消费与签到",
                value={
                    "items": [
                        {
                            "event": "PURCHASE",
                            "name": "消费得积分",
                            "words": "每消费 100 元得 100 积分",
                            "ends_at": None,
                        },
                        {
                            "event": "CHECK_IN",
                            "name": "连续签到",
                            "words": "每连续签到 7 天得 50 积分",
                            "ends_at": None,
                        },
                    ]
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        rules = list(rules_in_force(at=clock.now()))
        name_places(rules)
        return Response(self.Output.answer({"items": rules}))
