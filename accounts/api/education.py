"""Security cards at the right moment, and a short quiz."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import LoggedIn
from accounts.errors import QuizTriedTooOften
from accounts.models import CardMoment
from accounts.rules.education import PASSES_AT
from accounts.selectors.education import has_passed_quiz, quiz_questions
from accounts.services.education import answer_quiz, confirm_card, show_cards
from wallet_project.kit.api.serializers import InputSerializer, OutputSerializer, StrictIntegerField
from wallet_project.kit.api.views import Door

_TAGS = ["新手与安全 onboarding"]


class SecurityCards(Door):
    """What I should know right now and have not confirmed yet."""

    permission_classes = [LoggedIn]
    throttle_scope = "read"

    class Query(InputSerializer):
        moment = serializers.ChoiceField(choices=CardMoment.choices)

    class Output(OutputSerializer):
        class Card(OutputSerializer):
            key = serializers.CharField()
            title = serializers.CharField()
            text = serializers.CharField()
            article = serializers.CharField(help_text="更多内容：帮助文章的网址名，没有时为空")

        items = Card(many=True)

    @extend_schema(
        operation_id="show_security_cards",
        summary="安全提示 Security cards for a moment",
        tags=_TAGS,
        parameters=[Query],
        responses=Output,
        examples=[
            OpenApiExample(
                "设置支付密码后",
                value={
                    "items": [
                        {
                            "key": "pin-is-yours",
                            "title": "支付密码只属于您",
                            "text": "任何人，包括客服，都不会向您要支付密码。",
                            "article": "how-we-protect-you",
                        }
                    ]
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        moment = self.Query.read_query(request)["moment"]
        return Response(self.Output.answer({"items": show_cards(user_id=self.caller_id, moment=moment)}))


class ConfirmCard(Door):
    """I have read it."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"

    @extend_schema(
        operation_id="confirm_security_card",
        summary="确认安全提示 I have read a security card",
        tags=_TAGS,
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, key: str) -> Response:
        confirm_card(user_id=self.caller_id, key=key)
        return Response(status=204)


_QUESTION = {"id": 1, "text": "“客服”来电，说要验证码才能退款，应该怎么办？"}


class Quiz(Door):
    """A few questions about fraud; who answers four of five rightly has passed."""

    permission_classes = [LoggedIn]
    throttle_scope = "write"
    errors = (QuizTriedTooOften,)

    class Output(OutputSerializer):
        class Question(OutputSerializer):
            class Option(OutputSerializer):
                id = serializers.IntegerField()
                text = serializers.CharField()

            id = serializers.IntegerField()
            text = serializers.CharField()
            options = Option(many=True)

        questions = Question(many=True)
        passes_at = serializers.IntegerField(help_text="通过分数（百分制）")
        has_passed = serializers.BooleanField(help_text="已经通过；之后的作答只作练习")

    class Input(InputSerializer):
        class Answer(InputSerializer):
            question = StrictIntegerField()
            option = StrictIntegerField()

        answers = serializers.ListField(child=Answer(), min_length=1, max_length=50)

        def validate_answers(self, answers: list[dict[str, int]]) -> dict[int, int]:
            chosen = {answer["question"]: answer["option"] for answer in answers}
            if len(chosen) != len(answers):
                raise serializers.ValidationError(_("每题只能回答一次"))
            return chosen

    class Result(OutputSerializer):
        class Marked(OutputSerializer):
            question = serializers.IntegerField(source="question.pk")
            is_right = serializers.BooleanField()
            right_option = serializers.IntegerField()
            explanation = serializers.CharField(source="question.explanation")

        score = serializers.IntegerField(help_text="百分制")
        has_passed = serializers.BooleanField(help_text="这一次达到了通过分数")
        marked = Marked(many=True)

    @extend_schema(
        operation_id="show_quiz",
        summary="安全问答 The security quiz",
        tags=_TAGS,
        responses=Output,
        examples=[
            OpenApiExample(
                "题目",
                value={
                    "questions": [
                        {
                            **_QUESTION,
                            "options": [
                                {"id": 1, "text": "把验证码告诉对方"},
                                {"id": 2, "text": "挂断，并在小程序里联系客服"},
                            ],
                        }
                    ],
                    "passes_at": 80,
                    "has_passed": False,
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request) -> Response:
        standing = {
            "questions": quiz_questions(),
            "passes_at": PASSES_AT,
            "has_passed": has_passed_quiz(self.caller_id),
        }
        return Response(self.Output.answer(standing))

    @extend_schema(
        operation_id="answer_quiz",
        summary="提交安全问答 Answer the security quiz",
        tags=_TAGS,
        request=Input,
        responses=Result,
        examples=[
            OpenApiExample("作答", value={"answers": [{"question": 1, "option": 2}]}, request_only=True),
            OpenApiExample(
                "通过",
                value={
                    "score": 100,
                    "has_passed": True,
                    "marked": [
                        {
                            "question": 1,
                            "is_right": True,
                            "right_option": 2,
                            "explanation": "验证码等于钥匙，退款从来不需要它。",
                        }
                    ],
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        wish = self.Input.read(request)
        return Response(self.Result.answer(answer_quiz(user_id=self.caller_id, **wish)))
