"""What customers are asked, who is asked, and which answers fit."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

WHOLE = 10_000  # basis points
QUIET = timedelta(days=90)  # for so long nobody is asked about the same again


class SurveyKind(models.TextChoices):
    CSAT = "CSAT", _("满意度")
    NPS = "NPS", _("推荐度（NPS）")
    FORM = "FORM", _("问卷")


class Trigger(models.TextChoices):
    """After what somebody is asked."""

    TICKET_SOLVED = "TICKET_SOLVED", _("工单解决后")
    ORDER_PAID = "ORDER_PAID", _("订单支付后")
    ORDER_REFUNDED = "ORDER_REFUNDED", _("订单退款后")
    WITHDRAWAL_ENDED = "WITHDRAWAL_ENDED", _("提现结束后")
    REGISTERED = "REGISTERED", _("注册后")


class QuestionKind(models.TextChoices):
    SCALE = "SCALE", _("打分")
    CHOICE = "CHOICE", _("单选")
    CHOICES = "CHOICES", _("多选")
    TEXT = "TEXT", _("文字")


# The scale of the first question, whose answer is the score of the whole.
SCALES = {SurveyKind.CSAT: (1, 5), SurveyKind.NPS: (0, 10)}
_OF_OPTIONS = {QuestionKind.CHOICE, QuestionKind.CHOICES}


@dataclass(frozen=True, kw_only=True)
class Question:
    """`options` are of a choice, `low` and `high` of a scale."""

    kind: str
    options: tuple[str, ...] = ()
    low: int = 1
    high: int = 5
    is_required: bool = True


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer: a score, or the positions of options, the first being 0, or words."""

    score: int | None = None
    chosen: tuple[int, ...] = ()
    text: str = ""


class Misfit(StrEnum):
    MISSING = "MISSING"
    UNKNOWN_QUESTION = "UNKNOWN_QUESTION"
    WRONG_KIND = "WRONG_KIND"
    OUT_OF_SCALE = "OUT_OF_SCALE"
    UNKNOWN_OPTION = "UNKNOWN_OPTION"
    ONE_ONLY = "ONE_ONLY"


def is_sampled(key: str, user_id: int, *, share: int) -> bool:
    """Whether somebody is among `share` basis points of all: stable, even, independent of other keys."""
    digest = hashlib.sha256(f"{key}:{user_id}".encode()).hexdigest()
    return int(digest[:8], 16) % WHOLE < share


def theme_of(kind: str, *, survey_id: int, about: str) -> str:
    """
    What nobody is asked about twice in QUIET: one matter, whether they would recommend us, one questionnaire.
    """
    match kind:
        case SurveyKind.CSAT:
            return about
        case SurveyKind.NPS:
            return "nps"
    return f"survey:{survey_id}"


def misfit_of(question: Question, given: Given) -> Misfit | None:
    """Why an answer is none to this question."""
    said = {
        QuestionKind.SCALE: given.score is not None,
        QuestionKind.CHOICE: bool(given.chosen),
        QuestionKind.TEXT: bool(given.text),
    }
    wanted = QuestionKind.CHOICE if question.kind in _OF_OPTIONS else question.kind
    if {kind for kind, is_said in said.items() if is_said} != {wanted}:
        return Misfit.WRONG_KIND
    if given.score is not None and not question.low <= given.score <= question.high:
        return Misfit.OUT_OF_SCALE
    if len(set(given.chosen)) < len(given.chosen) or not all(
        0 <= one < len(question.options) for one in given.chosen
    ):
        return Misfit.UNKNOWN_OPTION
    if question.kind == QuestionKind.CHOICE and len(given.chosen) > 1:
        return Misfit.ONE_ONLY
    return None


def faults_of(kind: str, questions: Sequence[Question]) -> Iterator[str]:
    """What keeps a draft from being asked, in words for whoever wrote it."""
    if not questions:
        yield "还没有题目"
        return
    if kind in SCALES:
        low, high = SCALES[SurveyKind(kind)]
        if questions[0] != Question(kind=QuestionKind.SCALE, low=low, high=high):
            yield f"{SurveyKind(kind).label}的第一题须为必答的打分题，{low} 至 {high} 分"
    for number, question in enumerate(questions, start=1):
        if question.kind in _OF_OPTIONS and len(set(question.options)) < max(2, len(question.options)):
            yield f"第 {number} 题至少要有两个不同的选项"
        if question.kind not in _OF_OPTIONS and question.options:
            yield f"第 {number} 题不是选择题，不能有选项"
        if question.kind == QuestionKind.SCALE and not 0 <= question.low < question.high <= 10:
            yield f"第 {number} 题的分数须在 0 至 10 之间，最低分小于最高分"
