"""Before a ticket: ask, read what may be the answer, and say whether it was."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from feedback.api.faq import TAGS, TITLE, ArticleTitle
from feedback.rules.tickets import TicketKind
from feedback.services.consultations import conclude, consult
from wallet_project.kit.api.serializers import (
    InputSerializer,
    OutputSerializer,
    ProseField,
    StrictBooleanField,
)
from wallet_project.kit.api.views import Door
from wallet_project.kit.errors import NotFound


class Consult(Door):
    """
    Sent with what somebody is about to write in a ticket: up to three articles that may answer it. Whoever is
    not content opens the ticket; nothing has to be told for that.
    """

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    class Input(InputSerializer):
        question = ProseField(max_length=500)
        kind = serializers.ChoiceField(choices=TicketKind.choices, default=TicketKind.OTHER)

    class Output(OutputSerializer):
        id = serializers.IntegerField(help_text="反馈是否解决时使用")
        items = ArticleTitle(many=True)

    @extend_schema(
        operation_id="consult_faq",
        summary="提交工单前查找答案 Ask before a ticket",
        tags=TAGS,
        request=Input,
        responses={201: Output},
        examples=[
            OpenApiExample("提问", value={"question": "充值没到账", "kind": "PAYMENT"}, request_only=True),
            OpenApiExample(
                "推荐", value={"id": 2048, "items": [TITLE]}, response_only=True, status_codes=["201"]
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        consultation, offered = consult(user_id=self.caller_id, **self.Input.read(request))
        return Response(self.Output.answer({"id": consultation.pk, "items": offered}), status=201)


class ConcludeConsultation(Door):
    """“这篇文章解决您的问题了吗？”"""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (NotFound,)

    class Input(InputSerializer):
        is_solved = StrictBooleanField()
        slug = serializers.SlugField(max_length=64, default="", help_text="解决了问题的文章")

    @extend_schema(
        operation_id="conclude_consultation",
        summary="反馈是否解决 Say whether it was answered",
        tags=TAGS,
        request=Input,
        responses={204: None},
        examples=[
            OpenApiExample("已解决", value={"is_solved": True, "slug": "first-top-up"}, request_only=True)
        ],
    )
    def put(self, request: Request, consultation_id: int) -> Response:
        conclude(user_id=self.caller_id, consultation_id=consultation_id, **self.Input.read(request))
        return Response(status=204)
