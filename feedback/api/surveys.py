"""What I am asked, and what I answer."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from feedback.errors import AlreadyAnswered, AnswerRefused, InvitationEnded
from feedback.models import Invitation
from feedback.rules.surveys import Given, QuestionKind, SurveyKind
from feedback.selectors.invitations import inbox_of, invitation_of
from feedback.services.invitations import answer, decline
from wallet_project.kit import clock
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    ProseField,
    StrictIntegerField,
    TimeField,
)
from wallet_project.kit.api.views import Door

_TAGS = ["问卷 surveys"]
_INVITATION: dict[str, Any] = {
    "number": "I261128201530123X7Q4K0M2Z9XWD2",
    "kind": "CSAT",
    "title": "服务评价",
    "intro": "这次的问题解决得怎么样？",
    "about": "ticket:N261127101530123X7Q4K0M2Z9XWD5",
    "expires_at": "2026-12-12T20:15:30+08:00",
    "is_answered": False,
    "questions": [
        {
            "id": 1,
            "kind": "SCALE",
            "text": "您对这次服务满意吗？",
            "options": [],
            "low": 1,
            "high": 5,
            "low_words": "很不满意",
            "high_words": "非常满意",
            "is_required": True,
            "is_answered": False,
        },
        {
            "id": 2,
            "kind": "TEXT",
            "text": "想对我们说些什么？",
            "options": [],
            "low": 1,
            "high": 5,
            "low_words": "",
            "high_words": "",
            "is_required": False,
            "is_answered": False,
        },
    ],
}
_ANSWERED = {
    **_INVITATION,
    "is_answered": True,
    "questions": [{**_INVITATION["questions"][0], "is_answered": True}, _INVITATION["questions"][1]],
}


class InvitationOutput(OutputSerializer):
    class QuestionOutput(OutputSerializer):
        id = serializers.IntegerField()
        kind = serializers.ChoiceField(choices=QuestionKind.choices)
        text = serializers.CharField()
        options = serializers.ListField(child=serializers.CharField(), help_text="选择题的选项")
        low = serializers.IntegerField(help_text="打分题的最低分")
        high = serializers.IntegerField(help_text="打分题的最高分")
        low_words = serializers.CharField()
        high_words = serializers.CharField()
        is_required = serializers.BooleanField()
        is_answered = serializers.BooleanField()

    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=SurveyKind.choices)
    title = serializers.CharField()
    intro = serializers.CharField()
    about = serializers.CharField(help_text="关于什么，如 ticket:N26…；不关于某件事时为空")
    expires_at = TimeField()
    is_answered = serializers.BooleanField(help_text="必答题已答；选答题截止前还可以补充")
    questions = QuestionOutput(many=True)


def _shown(invitation: Invitation) -> dict[str, Any]:
    answered = {given.question_id for given in invitation.answers.all()}
    survey = invitation.survey
    return {
        "number": invitation.number,
        "kind": survey.kind,
        "title": survey.title,
        "intro": survey.intro,
        "about": invitation.about,
        "expires_at": invitation.expires_at,
        "is_answered": invitation.answered_at is not None,
        "questions": [
            {"id": question.pk, "is_answered": question.pk in answered, **question.terms}
            for question in survey.questions.all()
        ],
    }


class Invitations(Door):
    """What I am asked and have not answered."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(InputSerializer):
        about = serializers.CharField(
            required=False, default="", max_length=80, help_text="只看关于这件事的，如 ticket:N26…"
        )

    class Output(OutputSerializer):
        items = InvitationOutput(many=True)

    @extend_schema(
        operation_id="list_survey_invitations",
        summary="待填问卷 What I am asked",
        tags=_TAGS,
        parameters=[Query],
        responses=Output,
        examples=[OpenApiExample("一份服务评价", value={"items": [_INVITATION]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        found = inbox_of(self.caller_id, at=clock.now(), **self.Query.read_query(request))
        return Response(self.Output.answer({"items": [_shown(each) for each in found]}))


class ShowInvitation(Door):
    """One of them, answered or not."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    @extend_schema(
        operation_id="show_survey_invitation",
        summary="查看问卷 One survey",
        tags=_TAGS,
        responses=InvitationOutput,
        examples=[OpenApiExample("服务评价", value=_INVITATION, response_only=True)],
    )
    def get(self, request: Request, number: str) -> Response:
        found = invitation_of(self.caller_id, number, at=clock.now())
        return Response(InvitationOutput.answer(_shown(found)))


class AnswerInvitation(Door):
    """My answers; one tap is enough where one question is required, and words may follow."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (InvitationEnded, AnswerRefused, AlreadyAnswered)

    class Input(InputSerializer):
        class AnswerInput(InputSerializer):
            question = StrictIntegerField()
            score = StrictIntegerField(required=False, min_value=0, max_value=10, help_text="打分题")
            chosen = serializers.ListField(
                child=StrictIntegerField(min_value=0, max_value=99),
                required=False,
                min_length=1,
                max_length=20,
                help_text="选择题：选项的序号，从 0 起",
            )
            text = ProseField(required=False, max_length=1000, help_text="文字题")

        answers = serializers.ListField(child=AnswerInput(), min_length=1, max_length=30)

        def validate_answers(self, answers: list[dict[str, Any]]) -> dict[int, Given]:
            given = {each.pop("question"): _given(**each) for each in answers}
            if len(given) != len(answers):
                raise serializers.ValidationError(_("每题只能回答一次"))
            return given

    @extend_schema(
        operation_id="answer_survey",
        summary="提交问卷 Answer a survey",
        tags=_TAGS,
        request=Input,
        responses=InvitationOutput,
        examples=[
            OpenApiExample("点一下", value={"answers": [{"question": 1, "score": 5}]}, request_only=True),
            OpenApiExample(
                "补充一句", value={"answers": [{"question": 2, "text": "回复很快"}]}, request_only=True
            ),
            OpenApiExample("已答", value=_ANSWERED, response_only=True),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        answers = self.Input.read(request)["answers"]
        answered = answer(number=number, user_id=self.caller_id, answers=answers)
        return Response(InvitationOutput.answer(_shown(answered)))


class DeclineInvitation(Door):
    """Not now."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    @extend_schema(
        operation_id="decline_survey",
        summary="不填问卷 Decline a survey",
        tags=_TAGS,
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, number: str) -> Response:
        decline(number=number, user_id=self.caller_id)
        return Response(status=204)


def _given(*, score: int | None = None, chosen: list[int] | None = None, text: str = "") -> Given:
    return Given(score=score, chosen=tuple(sorted(chosen or ())), text=text)
