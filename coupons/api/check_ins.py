"""I check in day by day."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.errors import AlreadyCheckedIn, DayNotMissed, MakeUpCardMissing
from coupons.selectors.check_ins import calendar_of
from coupons.services.check_ins import check_in, make_up
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.serializers import DayField, InputSerializer, OutputSerializer
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused

_TAGS = ["签到 check-ins"]
_EXAMPLE: dict[str, Any] = {
    "month": "2026-11",
    "days": [{"day": "2026-11-20", "is_made_up": True}, {"day": "2026-11-21", "is_made_up": False}],
    "streak": 2,
    "is_checked_in": True,
    "make_up_cards": 1,
    "missed": ["2026-11-18", "2026-11-19"],
    "next_points": 10,
}


class CalendarOutput(OutputSerializer):
    class DayOutput(OutputSerializer):
        day = DayField()
        is_made_up = serializers.BooleanField(help_text="补签的")

    month = serializers.CharField()
    days = DayOutput(many=True, help_text="这个月签到的日子")
    streak = serializers.IntegerField(help_text="连续签到几天；今天还没签时算到昨天")
    is_checked_in = serializers.BooleanField(help_text="今天签过了")
    make_up_cards = serializers.IntegerField(help_text="补签卡张数")
    missed = serializers.ListField(child=DayField(), help_text="最近七天里可以补签的日子")
    next_points = serializers.IntegerField(help_text="下一次签到可得积分")


def _calendar(caller_id: int, month: str | None = None) -> Response:
    return Response(CalendarOutput.answer(calendar_of(caller_id, month=month, at=clock.now())))


class CheckIns(Door):
    """My calendar; POST: today."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (AlreadyCheckedIn, Paused)

    class Query(InputSerializer):
        month = serializers.RegexField(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z", required=False, help_text="默认本月")

    class Input(InputSerializer):
        pass

    @extend_schema(
        operation_id="show_check_ins",
        summary="签到日历 My calendar",
        tags=_TAGS,
        parameters=[Query],
        responses=CalendarOutput,
        examples=[OpenApiExample("十一月", value=_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return _calendar(self.caller_id, self.Query.read_query(request).get("month"))

    @extend_schema(
        operation_id="check_in",
        summary="签到 Check in today",
        tags=_TAGS,
        request=Input,
        responses=CalendarOutput,
        examples=[OpenApiExample("已签到", value=_EXAMPLE, response_only=True)],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        self.Input.read(request)
        check_in(user_id=self.caller_id)
        return _calendar(self.caller_id)


class MakeUp(Door):
    """A card for a day that I missed."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (DayNotMissed, MakeUpCardMissing, Paused)

    class Input(InputSerializer):
        day = DayField(help_text="最近七天里没有签到的一天")

    @extend_schema(
        operation_id="make_up_for_a_day",
        summary="补签 Make up for a day",
        tags=_TAGS,
        request=Input,
        responses=CalendarOutput,
        examples=[
            OpenApiExample("补签一天", value={"day": "2026-11-20"}, request_only=True),
            OpenApiExample("已补签", value=_EXAMPLE, response_only=True),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        make_up(user_id=self.caller_id, **self.Input.read(request))
        return _calendar(self.caller_id)
