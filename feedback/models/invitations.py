"""Who is asked, and what they answer."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from feedback.models.surveys import Survey, SurveyQuestion
from feedback.models.tickets import Ticket
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy

READ = "read and counted by whoever evaluates a survey; goes by age"
ASKED_BEFORE = "nobody_is_asked_about_the_same_twice_in_a_while"
_QUIET = Func(
    "invited_at",
    "quiet_until",
    RangeBoundary(),
    function="TSTZRANGE",
    output_field=DateTimeRangeField(),
)


class Invitation(models.Model):
    """
    One customer is asked one survey, between `opens_at` and `expires_at`. Until `quiet_until` they are not
    asked about the same `theme` (rules.surveys.theme_of) again. `score` is the answer to the first question
    of a survey that has a score.
    """

    number = models.CharField("编号", max_length=32, unique=True)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+", verbose_name="问卷", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    theme = models.CharField("主题", max_length=80)
    about = models.CharField("关联业务", max_length=80, blank=True)
    ticket = models.ForeignKey(Ticket, models.SET_NULL, null=True, related_name="+", verbose_name="工单")
    invited_at = models.DateTimeField("邀请时间")
    opens_at = models.DateTimeField("开放时间")
    expires_at = models.DateTimeField("截止时间")
    quiet_until = models.DateTimeField("此前不再邀请")
    answered_at = models.DateTimeField("答复时间", null=True)
    declined_at = models.DateTimeField("婉拒时间", null=True)
    score = models.PositiveSmallIntegerField("评分", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c1="number survey user theme about ticket invited_at opens_at expires_at quiet_until answered_at"
        " declined_at score"
    )

    class Meta:
        verbose_name = verbose_name_plural = "问卷邀请"
        constraints = [
            ExclusionConstraint(
                name=ASKED_BEFORE,
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("theme", RangeOperators.EQUAL),
                    (_QUIET, RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(answered_at__isnull=False), name="a_score_is_of_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(declined_at=None), name="who_declines_does_not_answer"
            ),
            models.CheckConstraint(
                condition=Q(invited_at__lte=F("opens_at"), opens_at__lt=F("expires_at")),
                name="an_invitation_is_open_for_a_while",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "-id"],
                name="invitations_waiting",
                condition=Q(answered_at=None, declined_at=None),
            ),
            models.Index(fields=["survey", "answered_at"], name="invitations_of_a_survey"),
            models.Index(fields=["invited_at"], name="invitations_by_age"),
        ]

    def __str__(self) -> str:
        return self.number


class Answer(AppendOnly):
    """To one question: a score, positions of options, or words."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="answers", verbose_name="问卷邀请", db_index=False
    )
    question = models.ForeignKey(SurveyQuestion, models.PROTECT, related_name="+", verbose_name="题目")
    score = models.PositiveSmallIntegerField("打分", null=True)
    chosen = ArrayField(models.PositiveSmallIntegerField(), verbose_name="所选", default=list)
    text = models.CharField("文字", max_length=1000, blank=True)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c2="text", c1="invitation question score chosen at", in_clear={READ: "text"})

    class Meta:
        verbose_name = verbose_name_plural = "问卷答案"
        constraints = [
            models.UniqueConstraint(fields=["invitation", "question"], name="a_question_is_answered_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=False, chosen=[], text="")
                | (Q(score=None, text="") & ~Q(chosen=[]))
                | (Q(score=None, chosen=[]) & ~Q(text="")),
                name="an_answer_is_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.in_words

    @property
    def in_words(self) -> str:
        return f"{self.score} 分" if self.score is not None else str(self.cell)

    @property
    def cell(self) -> str | int:
        """What a spreadsheet shows: scores are numbers that it can count."""
        if self.score is not None:
            return self.score
        return self.text or "、".join(self.question.options[one] for one in self.chosen)
