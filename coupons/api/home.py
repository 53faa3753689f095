"""What is worth my attention now, each with the reason why; and whether it may be personal."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.api.membership import TierOutput
from coupons.rules.recommendations import CardKind, Signal
from coupons.selectors.campaigns import campaigns_on
from coupons.selectors.recommendations import Recommendations, recommendations_for, wants_personal
from coupons.services.recommendations import (
    choose_nothing_personal,
    choose_personal,
    note_click,
    note_shown,
)
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door

_TAGS = ["首页与推荐 home"]
CARD_EXAMPLES: list[dict[str, Any]] = [
    {
        "kind": "COUPONS",
        "key": "coupons",
        "title": "优惠券",
        "signal": "expiring",
        "reason": "您的 3 张优惠券即将到期",
    },
    {
        "kind": "PLACE",
        "key": "place:store:renmin",
        "title": "人民路店",
        "signal": "recent",
        "reason": "您最近 4 次光顾",
    },
]


class RecommendationOutput(OutputSerializer):
    kind = serializers.ChoiceField(choices=CardKind.choices)
    key = serializers.CharField(help_text="点击时原样送回；place: 之后是门店")
    title = serializers.CharField()
    signal = serializers.ChoiceField(choices=Signal.choices)
    reason = serializers.CharField(help_text="推荐理由，可直接展示")


class Home(Door):
    """What ends before long, what is on, what is missing to the next tier, and what I might like."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class ExpiringOutput(OutputSerializer):
            coupons = serializers.IntegerField(source="coupons_ending", help_text="七天内到期的优惠券")
            points = serializers.IntegerField(source="points_ending", help_text="七天内到期的积分")
            bonus = FenField(source="bonus_ending", help_text="七天内到期的赠金")

        class CampaignOutput(OutputSerializer):
            id = serializers.IntegerField(source="pk")
            name = serializers.CharField()
            notes = serializers.CharField()
            ends_at = TimeField()

        expiring = ExpiringOutput(source="facts")
        campaigns = CampaignOutput(many=True)
        tier = TierOutput(source="standing.tier")
        next_tier = TierOutput(source="standing.next_tier", allow_null=True)
        missing = serializers.IntegerField(source="standing.missing", help_text="距下一等级还差的成长值")
        recommendations = RecommendationOutput(source="cards", many=True)
        is_personal = serializers.BooleanField(help_text="false 时为热门推荐，与个人信息无关，请如实标明")
        wants_personal = serializers.BooleanField(help_text="个性化推荐开关")

    @extend_schema(
        operation_id="show_home",
        summary="首页 What is worth my attention now",
        tags=_TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "首页",
                value={
                    "expiring": {"coupons": 3, "points": 200, "bonus": 0},
                    "campaigns": [
                        {
                            "id": 2,
                            "name": "周末咖啡返现",
                            "notes": "付款后 7 天到账",
                            "ends_at": "2026-12-31T23:59:59+08:00",
                        }
                    ],
                    "tier": {
                        "code": "member",
                        "name": "普通会员",
                        "name_en": "Member",
                        "threshold": 0,
                        "benefits": [],
                    },
                    "next_tier": {
                        "code": "silver",
                        "name": "银卡会员",
                        "name_en": "Silver",
                        "threshold": 1_000,
                        "benefits": ["积分 1.1 倍"],
                    },
                    "missing": 120,
                    "recommendations": CARD_EXAMPLES,
                    "is_personal": True,
                    "wants_personal": True,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        now = clock.now()
        found = recommendations_for(self.caller_id, at=now)
        if found.wants_personal:
            note_shown(user_id=self.caller_id)
        return Response(self.Output.answer(_told(found, campaigns=campaigns_on(at=now))))


class ClickCard(Door):
    """I followed one of them."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Input(InputSerializer):
        key = StrictCharField(max_length=80)

    @extend_schema(
        operation_id="click_recommendation",
        summary="点击推荐 I followed a recommendation",
        tags=_TAGS,
        request=Input,
        responses={204: None},
        examples=[OpenApiExample("门店", value={"key": "place:store:renmin"}, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        note_click(user_id=self.caller_id, **self.Input.read(request))
        return Response(status=204)


class Personalisation(Door):
    """Whether what I am shown may be chosen for me (个人信息保护法第二十四条)."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Choice(OutputSerializer):
        is_on = serializers.BooleanField()

    class Input(InputSerializer):
        is_on = serializers.BooleanField(help_text="关闭后立即删除用于推荐的个人信息，只展示热门推荐")

    @extend_schema(
        operation_id="show_personalisation",
        summary="个性化推荐开关 May recommendations be personal",
        tags=_TAGS,
        responses=Choice,
        examples=[OpenApiExample("已开启", value={"is_on": True}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Choice.answer({"is_on": wants_personal(self.caller_id)}))

    @extend_schema(
        operation_id="choose_personalisation",
        summary="开启或关闭个性化推荐 Switch personal recommendations on or off",
        tags=_TAGS,
        request=Input,
        responses=Choice,
        examples=[OpenApiExample("关闭", value={"is_on": False})],
    )
    def put(self, request: Request) -> Response:
        wish = self.Input.read(request)
        choose = choose_personal if wish["is_on"] else choose_nothing_personal
        choose(user_id=self.caller_id)
        return Response(self.Choice.answer(wish))


def _told(found: Recommendations, *, campaigns: Any) -> dict[str, Any]:
    return {
        "facts": found.facts,
        "campaigns": campaigns,
        "standing": found.standing,
        "cards": found.cards,
        "is_personal": found.is_personal,
        "wants_personal": found.wants_personal,
    }
