"""Come into a shared bill by its link."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.selectors.name_hints import hint_of
from wallet.api.splits import ORGANISER_EXAMPLE, SPLIT_EXAMPLE, SplitDetailOutput, detail_of
from wallet.api.transfers import PersonOutput
from wallet.errors import LinkRefused, NotInThisMode, SplitFull, SplitOver
from wallet.rules.splits import SplitState
from wallet.selectors.splits import free_places, people_in
from wallet.services.splits import join_split, split_behind_link
from wallet_project.kit.api.serializers import FenField, InputSerializer, OutputSerializer, StrictCharField
from wallet_project.kit.api.views import Door


class SplitPreviewOutput(OutputSerializer):
    title = serializers.CharField()
    organiser = PersonOutput()
    total = FenField()
    state = serializers.ChoiceField(choices=SplitState.choices)
    places_left = serializers.IntegerField()
    amount = FenField(allow_null=True, help_text="加入后要付的金额；没有空位时为 null")
    is_joined = serializers.BooleanField(help_text="我已经在里面")


_LINK = OpenApiExample("扫到的链接", value={"link": "AQABq3C5…"}, request_only=True)


class OpenSplitLink(Door):
    """What somebody sent me the link of: what it is, and what my share would be."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotInThisMode, LinkRefused)

    class Input(InputSerializer):
        link = StrictCharField(max_length=500)

    @extend_schema(
        summary="打开 AA 链接 Open the link of a shared bill",
        tags=["收款 requests"],
        request=Input,
        responses=SplitPreviewOutput,
        examples=[
            _LINK,
            OpenApiExample(
                "还有一个空位",
                value={
                    "title": "周五的火锅",
                    "organiser": ORGANISER_EXAMPLE,
                    "total": 30_000,
                    "state": "OPEN",
                    "places_left": 1,
                    "amount": 10_000,
                    "is_joined": False,
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        split = split_behind_link(self.Input.read(request)["link"])
        free = free_places(split)
        shown = {
            "title": split.title,
            "organiser": PersonOutput.answer(hint_of(split.organiser)),
            "total": split.total,
            "state": split.state,
            "places_left": len(free),
            "amount": free[0].amount if free else None,
            "is_joined": self.caller_id in people_in(split),
        }
        return Response(SplitPreviewOutput.of(**shown).data)


class JoinSplit(Door):
    """Take a free place; my share is a request that I then pay."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotInThisMode, LinkRefused, SplitOver, SplitFull)

    class Input(InputSerializer):
        link = StrictCharField(max_length=500)

    @extend_schema(
        summary="加入 AA Take a free place",
        tags=["收款 requests"],
        request=Input,
        responses=SplitDetailOutput,
        examples=[_LINK, OpenApiExample("已加入", value=SPLIT_EXAMPLE, response_only=True)],
    )
    def post(self, request: Request) -> Response:
        split = join_split(user_id=self.caller_id, **self.Input.read(request))
        return Response(detail_of(split, asker_id=self.caller_id))
