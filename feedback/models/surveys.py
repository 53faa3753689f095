"""Surveys and their questions."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from feedback.rules.surveys import (
    QUIET,
    WHOLE,
    Question,
    QuestionKind,
    SurveyKind,
    Trigger,
    faults_of,
)
from wallet_project.approvals.agreed import Agreed
from wallet_project.kit.privacy import Privacy


class Survey(Agreed):
    """
    Asked of `share` basis points of the people to whom its trigger happens, `delay_hours` later, for
    `open_days`. Whoever scores `follow_up_at` or less is called back by a ticket.
    """

    title = models.CharField("标题", max_length=32)
    intro = models.CharField("开场白", max_length=200, blank=True)
    kind = models.CharField("类型", max_length=4, choices=SurveyKind)
    trigger = models.CharField("触发", max_length=16, choices=Trigger)
    share = models.PositiveSmallIntegerField("抽样（万分之一）", default=WHOLE)
    delay_hours = models.PositiveSmallIntegerField("延后几小时", default=0)
    open_days = models.PositiveSmallIntegerField("开放几天", default=14)
    follow_up_at = models.PositiveSmallIntegerField("低分回访线", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="title intro kind trigger share delay_hours open_days follow_up_at")

    class Meta:
        verbose_name = verbose_name_plural = "问卷"
        permissions = [("approve_survey", "审批问卷")]
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=WHOLE), name="a_survey_asks_somebody"
            ),
            models.CheckConstraint(
                condition=Q(open_days__gte=1, open_days__lte=QUIET.days),
                name="a_survey_closes_before_it_repeats",
            ),
            models.CheckConstraint(
                condition=~Q(kind="CSAT") | Q(trigger="TICKET_SOLVED"), name="satisfaction_is_with_help"
            ),
            models.CheckConstraint(
                condition=Q(follow_up_at=None) | ~Q(kind="FORM"), name="only_a_score_is_followed_up"
            ),
        ]
        indexes = [
            models.Index(fields=["trigger"], condition=Q(state="LIVE"), name="surveys_by_trigger"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> dict[str, Any]:
        """All that a checker agrees to, in JSON."""
        columns = ("title", "intro", "kind", "trigger", "share", "delay_hours", "open_days", "follow_up_at")
        return {
            **{name: getattr(self, name) for name in columns},
            "questions": [question.terms for question in self.questions.all()],
        }

    @property
    def faults(self) -> list[str]:
        """What keeps a draft from being asked, in words."""
        return list(faults_of(self.kind, [question.asked for question in self.questions.all()]))

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        """Chinese label → words."""
        line = terms["follow_up_at"]
        return {
            "标题": terms["title"],
            "开场白": terms["intro"] or "—",
            "类型": str(SurveyKind(terms["kind"]).label),
            "触发": f"{Trigger(terms['trigger']).label}{_later(terms['delay_hours'])}",
            "抽样": f"{terms['share'] / 100:g}% 的人",
            "开放": f"{terms['open_days']} 天",
            "低分回访": "不回访" if line is None else f"{line} 分及以下自动建工单",
            **{
                f"第 {number} 题": _in_words(question)
                for number, question in enumerate(terms["questions"], start=1)
            },
        }


class SurveyQuestion(models.Model):
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name="问卷")
    position = models.PositiveSmallIntegerField("顺序", default=0)
    kind = models.CharField("题型", max_length=8, choices=QuestionKind)
    text = models.CharField("题目", max_length=100)
    options = ArrayField(models.CharField(max_length=40), verbose_name="选项", default=list, blank=True)
    low = models.PositiveSmallIntegerField("最低分", default=1)
    high = models.PositiveSmallIntegerField("最高分", default=5)
    low_words = models.CharField("最低分含义", max_length=16, blank=True)
    high_words = models.CharField("最高分含义", max_length=16, blank=True)
    is_required = models.BooleanField("必答", default=True)

    privacy = Privacy(public="survey position kind text options low high low_words high_words is_required")

    class Meta:
        verbose_name = verbose_name_plural = "题目"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text

    @property
    def asked(self) -> Question:
        return Question(
            kind=self.kind,
            options=tuple(self.options),
            low=self.low,
            high=self.high,
            is_required=self.is_required,
        )

    @property
    def terms(self) -> dict[str, Any]:
        columns = ("kind", "text", "options", "low", "high", "low_words", "high_words", "is_required")
        return {name: getattr(self, name) for name in columns}


def _later(hours: int) -> str:
    return f" {hours} 小时" if hours else "，马上"


def _in_words(question: dict[str, Any]) -> str:
    kind = QuestionKind(question["kind"])
    what = f"{kind.label}{'' if question['is_required'] else '，选答'}"
    if kind == QuestionKind.SCALE:
        what = f"{what}，{question['low']}–{question['high']} 分"
    if question["options"]:
        what = f"{what}：{'／'.join(question['options'])}"
    return f"{question['text']}（{what}）"
