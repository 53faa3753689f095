"""Split a bill."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.name_hints import hint_of
from wallet.api.payees import PayeeTokenField
from wallet.api.transfers import PersonOutput
from wallet.errors import (
    NotInThisMode,
    PayeeTokenRefused,
    RemindedToday,
    RequestsRefused,
    SplitImpossible,
    SplitOver,
    TextRefused,
    TooManyRequestsMade,
)
from wallet.models import Split
from wallet.rules.money_requests import RequestSide, RequestState
from wallet.rules.splits import LONGEST_TITLE, MOST_PLACES, SplitState
from wallet.selectors.splits import split_for, splits_of
from wallet.services.splits import (
    Place,
    begin_split,
    close_split,
    link_of_split,
    remind_of_split,
)
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    FenField,
    InputSerializer,
    OutputSerializer,
    StrictBooleanField,
    StrictCharField,
    TimeField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound

_MOST = 100_000_000
ORGANISER_EXAMPLE = {"uid": "0b1f6b0e-52a8-4a0e-9f3e-0e4f7f9a1c55", "nickname": "小娜", "name_masked": "欧*"}
_LISTED: dict[str, Any] = {
    "number": "A261121201530123Q7K0M2Z9XWDAX",
    "title": "周五的火锅",
    "organiser": ORGANISER_EXAMPLE,
    "total": 30_000,
    "own": 10_000,
    "share_count": 2,
    "paid_count": 1,
    "paid_amount": 10_000,
    "state": "OPEN",
    "state_name": "收款中",
    "created_at": "2026-11-21T20:15:30+08:00",
    "expires_at": "2026-11-28T20:15:30+08:00",
    "reminded_at": None,
    "ended_at": None,
}
SPLIT_EXAMPLE = {
    **_LISTED,
    "shares": [
        {
            "request_number": "Q261121201530123Q7K0M2Z9XWDAX",
            "person": {**ORGANISER_EXAMPLE, "nickname": "小明"},
            "amount": 10_000,
            "state": "PAID",
            "state_name": "已付款",
        },
        {"request_number": None, "person": None, "amount": 10_000, "state": "OPEN", "state_name": "待付款"},
    ],
    "link": None,
}


class SplitOutput(OutputSerializer):
    number = serializers.CharField()
    title = serializers.CharField(help_text="由发起人填写")
    organiser = serializers.SerializerMethodField()
    total = FenField()
    own = FenField(min_value=0, help_text="发起人承担的部分，已付")
    share_count = serializers.IntegerField(help_text="向几个人收")
    paid_count = serializers.IntegerField(help_text="几个人已付")
    paid_amount = FenField(min_value=0, help_text="已收到")
    state = serializers.ChoiceField(choices=SplitState.choices)
    state_name = serializers.CharField(source="get_state_display", help_text="可直接展示")
    created_at = TimeField()
    expires_at = TimeField()
    reminded_at = TimeField(allow_null=True)
    ended_at = TimeField(allow_null=True)

    def get_organiser(self, split: Any) -> PersonOutput:
        return PersonOutput.answer(hint_of(split.organiser))


class ShareOutput(OutputSerializer):
    request_number = serializers.CharField(
        allow_null=True, help_text="我的份额，或我发起的 AA 的每一份：GET wallet/requests/{number}"
    )
    person = PersonOutput(allow_null=True, help_text="null：空位")
    amount = FenField()
    state = serializers.ChoiceField(choices=RequestState.choices)
    state_name = serializers.CharField(help_text="可直接展示")


class SplitDetailOutput(SplitOutput):
    shares = ShareOutput(many=True, help_text="每个人的份额和是否已付，只有参与的人看得到")
    link = serializers.CharField(allow_null=True, help_text="发起人分享给别人的链接内容；没有空位时为 null")


def detail_of(split: Split, *, asker_id: int) -> dict[str, Any]:
    """Everything but the numbers of other people's shares, which are theirs and the organiser's."""
    shares = [
        {
            "request_number": share.number if asker_id in (share.payer_id, split.organiser_id) else None,
            "person": share.payer and PersonOutput.answer(hint_of(share.payer)),
            "amount": share.amount,
            "state": share.state,
            "state_name": str(share.get_state_display()),
        }
        for share in split.shares.all()
    ]
    link = link_of_split(split, asker_id=asker_id)
    return {**SplitOutput.answer(split), "shares": shares, "link": link}


class Splits(Door):
    """Ask several people for their shares of what I have paid."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (
        NotInThisMode,
        PayeeTokenRefused,
        SplitImpossible,
        TextRefused,
        RequestsRefused,
        TooManyRequestsMade,
    )

    class Input(InputSerializer):
        class PlaceInput(InputSerializer):
            payee_token = PayeeTokenField(required=False)
            amount = FenField(max_value=_MOST, required=False)

        total = FenField(max_value=_MOST, help_text="一共花了多少")
        title = StrictCharField(max_length=LONGEST_TITLE, required=False, allow_blank=True, default="")
        places = PlaceInput(
            many=True,
            help_text="向谁收：带 payee_token 的是指定的人，不带的是空位；要么都带金额，要么都不带（平分）",
        )
        own_amount = FenField(
            min_value=0, max_value=_MOST, required=False, help_text="都带金额时，我承担多少"
        )
        include_me = StrictBooleanField(default=True, help_text="平分时是否算上我")

        def validate_places(self, places: list) -> list:
            if len(places) > MOST_PLACES:
                raise serializers.ValidationError(_("人数过多"))
            return places

    class Query(PageQuery):
        side = serializers.ChoiceField(choices=RequestSide.choices, default=RequestSide.MINE.value)

    @extend_schema(
        operation_id="list_splits",
        summary="AA 收款 Shared bills, newest first",
        tags=["收款 requests"],
        parameters=[Query],
        responses=page_output(SplitOutput, "SplitPage"),
        examples=[
            OpenApiExample(
                "一页",
                value={"items": [_LISTED], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        query = self.Query.read_query(request)
        rows = splits_of(self.caller_id, side=query["side"])
        purpose = f"splits:{query['side']}:{self.caller_id}"
        return Response(page_of(rows, output=SplitOutput, query=query, purpose=purpose))

    @extend_schema(
        operation_id="begin_split",
        summary="发起 AA 收款 Split a bill",
        tags=["收款 requests"],
        request=Input,
        responses={201: SplitDetailOutput},
        examples=[
            OpenApiExample(
                "三个人平分，一位已找到，一个空位",
                value={"total": 30_000, "title": "周五的火锅", "places": [{"payee_token": "AQABq3C5…"}, {}]},
                request_only=True,
            ),
            OpenApiExample("收款中", value=SPLIT_EXAMPLE, response_only=True, status_codes=["201"]),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        places = [Place(**place) for place in wish.pop("places")]
        split = begin_split(organiser_id=self.caller_id, places=places, **wish)
        return Response(detail_of(split, asker_id=self.caller_id), status=201)


class ShowSplit(Door):
    """A shared bill that I organise or have a share of, and who has paid."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"
    errors = (NotFound,)

    @extend_schema(
        summary="AA 详情 One shared bill, and who has paid",
        tags=["收款 requests"],
        responses=SplitDetailOutput,
        examples=[OpenApiExample("收款中", value=SPLIT_EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        split = split_for(user_id=self.caller_id, number=number)
        return Response(detail_of(split, asker_id=self.caller_id))


class _ActOnSplit(Door):
    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Input(InputSerializer):
        pass


class CloseSplit(_ActOnSplit):
    """Whoever has not paid need not any more."""

    errors = (NotFound,)

    @extend_schema(
        summary="提前结束 AA End it early",
        tags=["收款 requests"],
        request=_ActOnSplit.Input,
        responses=SplitDetailOutput,
        examples=[
            OpenApiExample(
                "已结束",
                value={**SPLIT_EXAMPLE, "state": "CLOSED", "state_name": "已结束"},
                response_only=True,
            )
        ],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        split = close_split(organiser_id=self.caller_id, number=number)
        return Response(detail_of(split, asker_id=self.caller_id))


class RemindOfSplit(_ActOnSplit):
    """Ask everybody again who has not paid, once a day."""

    errors = (NotFound, SplitOver, RemindedToday)

    @extend_schema(
        summary="提醒未付的人 Ask again, once a day",
        tags=["收款 requests"],
        request=_ActOnSplit.Input,
        responses=SplitDetailOutput,
        examples=[OpenApiExample("已提醒", value=SPLIT_EXAMPLE, response_only=True)],
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        self.Input.read(request)
        split = remind_of_split(organiser_id=self.caller_id, number=number)
        return Response(detail_of(split, asker_id=self.caller_id))
