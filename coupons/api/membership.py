"""My membership: where I stand, what it gives me, how I came there; and what there is for anybody to see."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.rules.membership import ChangeCause, GrowthEvent
from coupons.rules.tier_words import benefits_in_words
from coupons.selectors.membership import changes_of, growth_of, growth_rules, standing_of, tiers_in_force
from wallet_project.kit import clock
from wallet_project.kit.api.access import Anyone
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import DayField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door

_TAGS = ["会员 membership"]
_GOLD: dict[str, Any] = {
    "code": "gold",
    "name": "金卡会员",
    "name_en": "Gold",
    "threshold": 3_000,
    "benefits": ["积分 1.25 倍", "专享手续费", "限额提升 20%", "客服优先"],
}
_DIAMOND = {
    **_GOLD,
    "code": "diamond",
    "name": "钻石会员",
    "name_en": "Diamond",
    "threshold": 10_000,
    "benefits": ["积分 1.5 倍", "专享手续费", "限额提升 50%", "客服优先"],
}


class TierOutput(OutputSerializer):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    threshold = serializers.IntegerField(help_text="所需成长值")
    benefits = serializers.SerializerMethodField(help_text="可直接展示")

    def get_benefits(self, tier: Any) -> list[str]:
        return benefits_in_words(**tier.benefits)


class ShowMembership(Door):
    """Where I stand, and what is missing to the next tier."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        tier = TierOutput()
        value = serializers.IntegerField(help_text="成长值：最近十二个自然月，含本月")
        value_ending = serializers.IntegerField(help_text="其中最早到期的成长值")
        ends_on = DayField(help_text="这部分从这一天起不再计入")
        next_tier = TierOutput(allow_null=True, help_text="已是最高等级时为 null")
        missing = serializers.IntegerField(help_text="距下一等级还差的成长值")
        protected_until = DayField(allow_null=True, help_text="在这一天以前不会降级")
        grace_until = DayField(allow_null=True, help_text="未达标：到这一天仍未达标则降级")

    @extend_schema(
        operation_id="show_membership",
        summary="我的会员 My membership",
        tags=_TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "金卡会员",
                value={
                    "tier": _GOLD,
                    "value": 3_420,
                    "value_ending": 180,
                    "ends_on": "2026-12-01",
                    "next_tier": _DIAMOND,
                    "missing": 6_580,
                    "protected_until": "2027-02-01",
                    "grace_until": None,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer(standing_of(self.caller_id, at=clock.now())))


class Growth(Door):
    """What made me grow, and what of it went back."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Item(OutputSerializer):
        event = serializers.ChoiceField(choices=GrowthEvent.choices)
        value = serializers.IntegerField(help_text="增加为正，退款收回为负")
        title = serializers.CharField()
        reference = serializers.CharField(help_text="订单号；没有时为空")
        counted_on = DayField(help_text="计入哪一天所在的月份")
        at = TimeField()

    @extend_schema(
        operation_id="list_growth",
        summary="成长值明细 What made me grow, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(Item, "GrowthPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [
                        {
                            "event": "SPENT",
                            "value": 35,
                            "title": "两杯拿铁",
                            "reference": "O2611212015301237Q4K0M2Z9XWD2",
                            "counted_on": "2026-11-21",
                            "at": "2026-11-21T20:15:31+08:00",
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
        query = PageQuery.read_query(request)
        purpose = f"growth:{self.caller_id}"
        return Response(page_of(growth_of(self.caller_id), output=self.Item, query=query, purpose=purpose))


class MembershipLog(Door):
    """Why my tier is what it is."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Item(OutputSerializer):
        before = serializers.CharField(help_text="等级代码")
        after = serializers.CharField(help_text="等级代码")
        cause = serializers.ChoiceField(choices=ChangeCause.choices)
        cause_name = serializers.CharField(source="get_cause_display", help_text="可直接展示")
        value = serializers.IntegerField(help_text="当时的成长值")
        at = TimeField()

    @extend_schema(
        operation_id="list_membership_log",
        summary="等级变动 Why my tier is what it is, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(Item, "MembershipLogPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [
                        {
                            "before": "silver",
                            "after": "gold",
                            "cause": "EARNED",
                            "cause_name": "成长值达标",
                            "value": 3_020,
                            "at": "2026-11-21T20:15:31+08:00",
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
        query = PageQuery.read_query(request)
        purpose = f"membership:{self.caller_id}"
        return Response(page_of(changes_of(self.caller_id), output=self.Item, query=query, purpose=purpose))


class Tiers(Door):
    """Which tiers there are and how one gets there, before anybody logs in."""

    authentication_classes = []  # an old token in the header must not keep anybody from reading
    permission_classes = [Anyone]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class RuleOutput(OutputSerializer):
            event = serializers.ChoiceField(choices=GrowthEvent.choices)
            event_name = serializers.CharField(help_text="可直接展示")
            value = serializers.IntegerField(help_text="消费：每 1 元自有资金；其他：每次")

        tiers = TierOutput(many=True, help_text="从低到高")
        rules = RuleOutput(many=True)

    @extend_schema(
        operation_id="list_tiers",
        summary="会员等级 Membership tiers",
        tags=_TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "等级与成长规则",
                value={
                    "tiers": [_GOLD, _DIAMOND],
                    "rules": [{"event": "SPENT", "event_name": "消费", "value": 1}],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        rules = growth_rules()
        told = [
            {"event": event.value, "event_name": event.label, "value": rules[event]}
            for event in GrowthEvent
            if event in rules
        ]
        return Response(self.Output.answer({"tiers": tiers_in_force(), "rules": told}))
