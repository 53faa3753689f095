"""I bring people: my code, how far they are, what I get; and who brought me."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import SCREENING_ERRORS
from coupons.errors import InviteCodeUnknown, InviteNotBound
from coupons.models import Referral, ReferralStep
from coupons.rules.referrals import TOLD, ReferralEvent, StepState
from coupons.rules.rewards import RewardKind
from coupons.rules.scenes import scene_of
from coupons.selectors.referrals import board_of, counts_of, given_to, program_in_force, referrals_of
from coupons.services.referrals import bind_inviter, invite_code_of, join_board
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictCharField, TimeField
from wallet_project.kit.api.views import Door
from wallet_project.kit.masking import mask_name

_TAGS = ["邀请 referral"]
_MINE: dict[str, Any] = {
    "code": "K7QW2MXA",
    "scene": "i=K7QW2MXA",
    "is_on_board": False,
    "invited": 3,
    "registered": 3,
    "first_top_up": 1,
    "first_purchase": 1,
    "rewards": [{"kind": "BONUS", "kind_name": "赠金", "pending": 800, "held": 0, "given": 500}],
    "program": {
        "name": "邀请有礼",
        "bind_hours": 72,
        "delay_days": 7,
        "least": 1000,
        "rewards": [
            {
                "event": "REGISTERED",
                "event_name": "注册并绑定手机号",
                "side": "INVITER",
                "words": "赠金 ¥5.00",
            }
        ],
    },
}


class MineOutput(OutputSerializer):
    class GivenOutput(OutputSerializer):
        kind = serializers.ChoiceField(choices=RewardKind.choices)
        kind_name = serializers.SerializerMethodField(help_text="可直接展示")
        pending = serializers.IntegerField(help_text="待发放：积分数，或金额（分）")
        held = serializers.IntegerField(help_text="核实中")
        given = serializers.IntegerField(help_text="已发放")

        def get_kind_name(self, given: Any) -> str:
            return str(RewardKind(given.kind).label)

    class ProgramOutput(OutputSerializer):
        class RewardOutput(OutputSerializer):
            event = serializers.ChoiceField(choices=ReferralEvent.choices)
            event_name = serializers.CharField(source="get_event_display")
            side = serializers.CharField(help_text="INVITER 邀请人，NEWCOMER 新朋友")
            words = serializers.CharField(source="__str__", help_text="可直接展示")

        name = serializers.CharField()
        bind_hours = serializers.IntegerField(help_text="注册后几小时内可绑定")
        delay_days = serializers.IntegerField(help_text="达成后几天发放")
        least = serializers.IntegerField(help_text="首次充值、首次消费各须满多少分")
        rewards = RewardOutput(many=True, source="rewards.all")

    code = serializers.CharField()
    scene = serializers.CharField(help_text="小程序码的 scene")
    is_on_board = serializers.BooleanField(help_text="是否参加排行榜")
    invited = serializers.IntegerField()
    registered = serializers.IntegerField(help_text="其中注册并绑定手机号的人数")
    first_top_up = serializers.IntegerField()
    first_purchase = serializers.IntegerField()
    rewards = GivenOutput(many=True)
    program = ProgramOutput(allow_null=True, help_text="没有活动时为 null")


def _mine(caller_id: int) -> Response:
    code = invite_code_of(caller_id)
    return Response(
        MineOutput.answer(
            {
                "code": code.code,
                "scene": scene_of(invite=code.code),
                "is_on_board": code.is_on_board,
                **counts_of(caller_id),
                "rewards": given_to(caller_id),
                "program": program_in_force(),
            }
        )
    )


class MyReferrals(Door):
    """My code and what came of it; PUT: whether my masked name may stand on the board."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Input(InputSerializer):
        is_on_board = serializers.BooleanField()

    @extend_schema(
        operation_id="show_referral",
        summary="我的邀请 My code, and how far those whom I brought are",
        tags=_TAGS,
        responses=MineOutput,
        examples=[OpenApiExample("带来三人", value=_MINE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return _mine(self.caller_id)

    @extend_schema(
        operation_id="join_referral_board",
        summary="参加或退出排行榜 Stand on the board, or not",
        tags=_TAGS,
        request=Input,
        responses=MineOutput,
        examples=[
            OpenApiExample("参加", value={"is_on_board": True}, request_only=True),
            OpenApiExample("已参加", value={**_MINE, "is_on_board": True}, response_only=True),
        ],
    )
    def put(self, request: Request) -> Response:
        join_board(user_id=self.caller_id, joins=self.Input.read(request)["is_on_board"])
        return _mine(self.caller_id)


class InvitedPeople(Door):
    """Whom I brought, and how far each of them is."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Item(OutputSerializer):
        class StepOutput(OutputSerializer):
            event = serializers.ChoiceField(choices=ReferralEvent.choices)
            event_name = serializers.CharField(source="get_event_display")
            state = serializers.ChoiceField(choices=StepState.choices)
            words = serializers.SerializerMethodField(help_text="可直接展示")
            reached_at = TimeField()

            def get_words(self, step: ReferralStep) -> str:
                return str(TOLD.get(StepState(step.state), step.get_state_display()))

        name = serializers.SerializerMethodField(help_text="隐去部分的昵称")
        bound_at = TimeField()
        steps = StepOutput(many=True, source="steps.all")

        def get_name(self, referral: Referral) -> str:
            return mask_name(referral.newcomer.nickname)

    @extend_schema(
        operation_id="list_invited_people",
        summary="我邀请的人 Whom I brought, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(Item, "InvitedPeoplePage"),
        examples=[
            OpenApiExample(
                "一页",
                value={
                    "items": [
                        {
                            "name": "微*",
                            "bound_at": "2026-11-21T20:15:30+08:00",
                            "steps": [
                                {
                                    "event": "REGISTERED",
                                    "event_name": "注册并绑定手机号",
                                    "state": "HELD",
                                    "words": "奖励核实中，一般 1 至 3 个工作日",
                                    "reached_at": "2026-11-21T20:16:02+08:00",
                                }
                            ],
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
        purpose = f"invited:{self.caller_id}"
        return Response(page_of(referrals_of(self.caller_id), output=self.Item, query=query, purpose=purpose))


class BindInviter(Door):
    """Somebody brought me."""

    permission_classes = [LoggedIn]
    throttle_scope = "coupon_code"  # codes are not to be guessed
    errors = (InviteCodeUnknown, InviteNotBound, *SCREENING_ERRORS)

    class Input(InputSerializer):
        code = StrictCharField(max_length=16)

    class Output(OutputSerializer):
        bound_at = TimeField()

    @extend_schema(
        operation_id="bind_inviter",
        summary="绑定邀请人 Say who brought me, once",
        tags=_TAGS,
        request=Input,
        responses=Output,
        examples=[
            OpenApiExample("邀请码", value={"code": "K7QW2MXA"}, request_only=True),
            OpenApiExample("已绑定", value={"bound_at": "2026-11-21T20:15:30+08:00"}, response_only=True),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        return Response(self.Output.answer(bind_inviter(user_id=self.caller_id, **self.Input.read(request))))


class ReferralBoard(Door):
    """Who brought most people this month, of those who agreed to stand here."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(InputSerializer):
        month = serializers.RegexField(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", required=False, help_text="默认本月")

    class Output(OutputSerializer):
        class PlaceOutput(OutputSerializer):
            rank = serializers.IntegerField()
            name = serializers.CharField(help_text="隐去部分的昵称")
            count = serializers.IntegerField(help_text="带来几人")
            is_me = serializers.BooleanField()

        items = PlaceOutput(many=True)

    @extend_schema(
        operation_id="show_referral_board",
        summary="邀请排行榜 Who brought most people in a month",
        tags=_TAGS,
        parameters=[Query],
        responses=Output,
        examples=[
            OpenApiExample(
                "十一月",
                value={"items": [{"rank": 1, "name": "欧*", "count": 12, "is_me": False}]},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        month = self.Query.read_query(request).get("month") or clock.business_month(clock.now())
        return Response(self.Output.answer({"items": board_of(month, viewer_id=self.caller_id)}))
