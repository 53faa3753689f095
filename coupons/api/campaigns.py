"""What is on, how far I am, and what I was promised."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.rules.campaigns import CampaignKind, Goal
from coupons.rules.rewards import RewardKind, RewardState
from coupons.selectors.campaigns import campaigns_for, rewards_of
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import FenField, OutputSerializer, TimeField
from wallet_project.kit.api.views import Door

_TAGS = ["活动 campaigns"]
_CAMPAIGN: dict[str, Any] = {
    "id": 2,
    "name": "周末咖啡返现",
    "notes": "付款后 7 天到账，退款按比例扣回",
    "kind": "CASHBACK",
    "ends_at": "2026-12-31T23:59:59+08:00",
    "rate": 500,
    "per_order": 1000,
    "least": 2000,
    "pending": 125,
    "given": 300,
    "tasks": [],
}
_REWARD: dict[str, Any] = {
    "title": "周末咖啡返现",
    "kind": "CASHBACK",
    "kind_name": "返现",
    "amount": 125,
    "promised": 250,
    "state": "PENDING",
    "state_name": "待发放",
    "reference": "O2611212015301237Q4K0M2Z9XWD2",
    "vests_at": "2026-11-28T20:15:30+08:00",
    "given_at": None,
    "ended_because": "",
}


class Campaigns(Door):
    """What runs now, and what it has brought me."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class CampaignOutput(OutputSerializer):
            class TaskOutput(OutputSerializer):
                goal = serializers.ChoiceField(choices=Goal.choices)
                title = serializers.CharField()
                reward = serializers.ChoiceField(choices=RewardKind.choices)
                amount = serializers.IntegerField(help_text="积分数，或金额（分）")
                state = serializers.CharField(help_text="TODO 未完成；否则为奖励状态")

            id = serializers.IntegerField(source="campaign.pk")
            name = serializers.CharField(source="campaign.name")
            notes = serializers.CharField(source="campaign.notes")
            kind = serializers.ChoiceField(source="campaign.kind", choices=CampaignKind.choices)
            ends_at = TimeField(source="campaign.ends_at")
            rate = serializers.IntegerField(source="campaign.rate", help_text="返现比例，万分之一")
            per_order = FenField(source="campaign.per_order", help_text="每单最多返现")
            least = FenField(
                source="campaign.least",
                help_text="实付满多少才返现；任务活动里为首次充值、消费一次的最低金额",
            )
            pending = FenField(help_text="我的：待发放")
            given = FenField(help_text="我的：已发放")
            tasks = TaskOutput(many=True)

        items = CampaignOutput(many=True)

    @extend_schema(
        operation_id="list_campaigns",
        summary="进行中的活动 Campaigns that run, and my progress",
        tags=_TAGS,
        responses=Output,
        examples=[OpenApiExample("返现", value={"items": [_CAMPAIGN]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer({"items": campaigns_for(self.caller_id)}))


class RewardOutput(OutputSerializer):
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=RewardKind.choices)
    kind_name = serializers.CharField(source="get_kind_display", help_text="可直接展示")
    amount = serializers.IntegerField(help_text="积分数，或金额（分）；退款后会减少")
    promised = serializers.IntegerField(help_text="当初应发")
    state = serializers.ChoiceField(choices=RewardState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    reference = serializers.CharField(help_text="相关订单号，可能为空")
    vests_at = TimeField(help_text="预计发放时间")
    given_at = TimeField(allow_null=True)
    ended_because = serializers.CharField(help_text="取消原因，可直接展示")


class Rewards(Door):
    """What I was promised and given."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="list_rewards",
        summary="我的奖励 My rewards, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(RewardOutput, "RewardPage"),
        examples=[
            OpenApiExample(
                "返现", value={"items": [_REWARD], "next_cursor": None, "has_more": False}, response_only=True
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        purpose = f"rewards:{self.caller_id}"
        return Response(
            page_of(rewards_of(self.caller_id), output=RewardOutput, query=query, purpose=purpose)
        )
