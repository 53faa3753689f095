"""What I can have for my points, and what I took."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from coupons.errors import (
    CouponNotOffered,
    CouponsGone,
    CouponTakenOften,
    GoodNotOffered,
    GoodSoldOut,
    GoodTakenOften,
    PointsShort,
)
from coupons.rules.mall import GoodKind, MallOrderState
from coupons.selectors.mall import mall_orders_of, offers_for
from coupons.services.mall import exchange
from wallet_project.kit import clock
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.throttling import HumanPace, ScopedThrottle
from wallet_project.kit.api.views import Door
from wallet_project.pauses.errors import Paused

_TAGS = ["积分商城 mall"]
_GOOD: dict[str, Any] = {
    "id": 3,
    "name": "马克杯",
    "kind": "PHYSICAL",
    "kind_name": "实物",
    "description": "白色，350 毫升",
    "points": 2_500,
    "credit": None,
    "credit_days": None,
    "pick_up_at": "人民路店",
    "left": 12,
    "times_left": 1,
    "ends_at": None,
}
_ORDER: dict[str, Any] = {
    "number": "M2611212015301237Q4K0M2Z9XWD2",
    "good": "马克杯",
    "kind": "PHYSICAL",
    "points": 2_500,
    "state": "WAITING",
    "state_name": "待自提",
    "pick_up_at": "人民路店",
    "made_at": "2026-11-21T20:15:30+08:00",
    "ended_at": None,
    "pick_up_code": "4820163957",
}


class MallOrderOutput(OutputSerializer):
    number = serializers.CharField()
    good = serializers.CharField(source="good.name")
    kind = serializers.ChoiceField(source="good.kind", choices=GoodKind.choices)
    points = serializers.IntegerField()
    state = serializers.ChoiceField(choices=MallOrderState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    pick_up_at = serializers.CharField(source="good.pick_up_at", help_text="自提地点；不需自提时为空")
    made_at = TimeField()
    ended_at = TimeField(allow_null=True)
    pick_up_code = serializers.CharField(allow_null=True, help_text="自提时向店员出示；不需自提时为 null")


class MallGoods(Door):
    """What there is for points now."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Output(OutputSerializer):
        class GoodOutput(OutputSerializer):
            id = serializers.IntegerField(source="good.pk")
            name = serializers.CharField(source="good.name")
            kind = serializers.ChoiceField(source="good.kind", choices=GoodKind.choices)
            kind_name = serializers.CharField(source="good.get_kind_display", help_text="可直接展示")
            description = serializers.CharField(source="good.description")
            points = serializers.IntegerField(source="good.points")
            credit = FenField(source="good.credit", allow_null=True, help_text="换成的赠金；其他商品为 null")
            credit_days = serializers.IntegerField(
                source="good.credit_days", allow_null=True, help_text="赠金有效天数；null 为长期有效"
            )
            pick_up_at = serializers.CharField(source="good.pick_up_at")
            left = serializers.IntegerField(help_text="还剩几件")
            times_left = serializers.IntegerField(allow_null=True, help_text="我还可兑几次；null 为不限")
            ends_at = TimeField(source="good.ends_at", allow_null=True)

        items = GoodOutput(many=True)

    @extend_schema(
        operation_id="list_mall_goods",
        summary="积分商品 What there is for points",
        tags=_TAGS,
        responses=Output,
        examples=[OpenApiExample("马克杯", value={"items": [_GOOD]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return Response(self.Output.answer({"items": offers_for(self.caller_id, at=clock.now())}))


class MallOrders(Door):
    """What I took; POST: take one."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    throttle_classes = [ScopedThrottle, HumanPace]
    errors = (
        CouponNotOffered,
        CouponsGone,
        CouponTakenOften,
        GoodNotOffered,
        GoodSoldOut,
        GoodTakenOften,
        PointsShort,
        Paused,
    )

    class Input(InputSerializer):
        good_id = StrictIntegerField(min_value=1, max_value=2**63 - 1)

    @extend_schema(
        operation_id="list_mall_orders",
        summary="我的兑换 What I took, newest first",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=page_output(MallOrderOutput, "MallOrderPage"),
        examples=[
            OpenApiExample(
                "一页", value={"items": [_ORDER], "next_cursor": None, "has_more": False}, response_only=True
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = PageQuery.read_query(request)
        purpose = f"mall:{self.caller_id}"
        return Response(
            page_of(mall_orders_of(self.caller_id), output=MallOrderOutput, query=query, purpose=purpose)
        )

    @extend_schema(
        operation_id="exchange_points",
        summary="兑换 Take one for points",
        tags=_TAGS,
        request=Input,
        responses={201: MallOrderOutput},
        examples=[
            OpenApiExample("一个马克杯", value={"good_id": 3}, request_only=True),
            OpenApiExample("待自提", value=_ORDER, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        order = exchange(user_id=self.caller_id, **self.Input.read(request))
        return Response(MallOrderOutput.answer(order), status=201)
