"""Surveys in force, and customers who are asked."""

from django.db import transaction

from accounts.models import User
from feedback.models import Invitation, Survey, SurveyQuestion
from feedback.rules.suggestions import SuggestionState
from feedback.rules.surveys import Given, SurveyKind, Trigger
from feedback.services.invitations import answer, invite
from feedback.services.suggestions import move_suggestion, suggest
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock

SCORE = {
    SurveyKind.NPS: {"kind": "SCALE", "text": "您会把我们推荐给朋友吗？", "low": 0, "high": 10},
    SurveyKind.FORM: {"kind": "CHOICES", "text": "您最常用什么？", "options": ["付款", "转账", "缴费"]},
}
WORDS = {"kind": "TEXT", "text": "还想说些什么？", "is_required": False}


def survey(kind=SurveyKind.NPS, *, questions=None, **columns):
    given = {"title": "问一问", "kind": kind, "trigger": Trigger.ORDER_PAID}
    made = Survey.objects.create(**{**given, "state": AgreedState.LIVE, "live_at": clock.now(), **columns})
    for position, question in enumerate(questions or [SCORE[kind], WORDS], start=1):
        SurveyQuestion.objects.create(survey=made, position=position, **question)
    return made


def asked(user=None, **columns):
    """An invitation to a survey of one's own."""
    user, made = user or User.objects.create(), survey(**columns)
    invites(user)
    return Invitation.objects.get(survey=made, user=user)


def invites(user, trigger=Trigger.ORDER_PAID, about="order:O1"):
    with transaction.atomic():
        invite(trigger=trigger, user_id=user.pk, about=about)


def questions_of(invitation):
    return list(invitation.survey.questions.values_list("pk", flat=True))


def has_voice(user):
    """An answered survey and an answered suggestion of theirs."""
    invitation = asked(user)
    score, words = questions_of(invitation)
    answer(
        number=invitation.number,
        user_id=user.pk,
        answers={score: Given(score=9), words: Given(text="很快")},
    )
    made = suggest(user_id=user.pk, text="希望账单可以导出")
    move_suggestion(suggestion_id=made.pk, to=SuggestionState.ACCEPTED, reply="已采纳，下个月上线")
