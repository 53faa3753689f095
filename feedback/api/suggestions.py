"""What I suggest, and what became of it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from feedback.errors import SuggestedOften
from feedback.rules.suggestions import SuggestionState
from feedback.selectors.suggestions import suggestions_by, suggestions_to_vote_for
from feedback.services.suggestions import suggest, take_vote_back, vote
from wallet_project.kit.api.idempotency import idempotent
from wallet_project.kit.api.pagination import PageQuery, page_of, page_output
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    ProseField,
    TimeField,
)
from wallet_project.kit.api.views import Door

_TAGS = ["建议 suggestions"]
_STEP: dict[str, Any] = {
    "state": "SHIPPED",
    "reply": "已采纳，已上线：记录页右上角可以按月导出。",
    "at": "2026-11-28T10:00:00+08:00",
}
_MINE: dict[str, Any] = {
    "number": "U261120101530123X7Q4K0M2Z9XWD8",
    "text": "希望账单可以导出",
    "state": "SHIPPED",
    "support": 12,
    "suggested_at": "2026-11-20T10:15:30+08:00",
    "steps": [_STEP],
}
_PUBLIC: dict[str, Any] = {
    "number": "U261120101530123X7Q4K0M2Z9XWD8",
    "title": "按月导出账单",
    "state": "SHIPPED",
    "support": 12,
    "has_voted": True,
    "steps": [_STEP],
}


class SuggestionStepOutput(OutputSerializer):
    state = serializers.ChoiceField(choices=SuggestionState.choices)
    reply = serializers.CharField(help_text="我们的答复")
    at = TimeField()


class MySuggestionOutput(OutputSerializer):
    number = serializers.CharField()
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=SuggestionState.choices, source="leader.state")
    support = serializers.IntegerField(help_text="多少人也想要；与别人的合并后一起计算")
    suggested_at = TimeField()
    steps = SuggestionStepOutput(many=True, source="leader.steps")


class SuggestionOutput(OutputSerializer):
    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=SuggestionState.choices)
    support = serializers.IntegerField(help_text="多少人想要")
    has_voted = serializers.BooleanField(help_text="我支持过")
    steps = SuggestionStepOutput(many=True)


MySuggestionsPage = page_output(MySuggestionOutput, "MySuggestionsPage")
SuggestionsPage = page_output(SuggestionOutput, "SuggestionsPage")


class Suggestions(Door):
    """Mine, and how far each is; POST: another one."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (SuggestedOften,)

    class Input(InputSerializer):
        text = ProseField(min_length=4, max_length=500)

    @extend_schema(
        operation_id="list_my_suggestions",
        summary="我的建议 My suggestions",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=MySuggestionsPage,
        examples=[
            OpenApiExample(
                "已上线",
                value={"items": [_MINE], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(
            page_of(
                suggestions_by(self.caller_id),
                output=MySuggestionOutput,
                query=PageQuery.read_query(request),
                purpose=f"suggestions:{self.caller_id}",
            )
        )

    @extend_schema(
        operation_id="suggest",
        summary="提建议 Suggest something",
        tags=_TAGS,
        request=Input,
        responses={201: MySuggestionOutput},
        examples=[
            OpenApiExample("建议", value={"text": "希望账单可以导出"}, request_only=True),
            OpenApiExample(
                "已收到",
                value={**_MINE, "state": "RECEIVED", "support": 1, "steps": []},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        made = suggest(user_id=self.caller_id, **self.Input.read(request))
        return Response(MySuggestionOutput.answer(suggestions_by(self.caller_id).get(pk=made.pk)), status=201)


class PublicSuggestions(Door):
    """What others suggest and I may support."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="list_suggestions",
        summary="大家的建议 What others suggest",
        tags=_TAGS,
        parameters=[PageQuery],
        responses=SuggestionsPage,
        examples=[
            OpenApiExample(
                "可以支持的",
                value={"items": [_PUBLIC], "next_cursor": None, "has_more": False},
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        return Response(
            page_of(
                suggestions_to_vote_for(self.caller_id),
                output=SuggestionOutput,
                query=PageQuery.read_query(request),
                purpose="suggestions",
            )
        )


class Vote(Door):
    """I want it, too; or not any more."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    @extend_schema(
        operation_id="vote_for_suggestion",
        summary="支持建议 Support a suggestion",
        tags=_TAGS,
        request=None,
        responses={204: None},
    )
    def put(self, request: Request, number: str) -> Response:
        vote(number=number, user_id=self.caller_id)
        return Response(status=204)

    @extend_schema(
        operation_id="take_vote_back",
        summary="取消支持 Take my vote back",
        tags=_TAGS,
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, number: str) -> Response:
        take_vote_back(number=number, user_id=self.caller_id)
        return Response(status=204)
