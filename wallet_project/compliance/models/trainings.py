"""TrainingCourse: what colleagues must know. TrainingRecord: that one of them learned it."""

from django.contrib.auth.models import Group
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from wallet_project.compliance.models.base import Evidence, staff_member
from wallet_project.compliance.rules.dates import add_months
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class TrainingCourse(Timestamped):
    title = models.CharField("课程", max_length=64, unique=True)
    basis = models.CharField("依据", max_length=200)
    roles = models.ManyToManyField(
        Group, related_name="+", blank=True, verbose_name="适用角色", help_text="不选表示全体员工"
    )
    pass_score = models.PositiveSmallIntegerField("及格分", default=80, validators=[MaxValueValidator(100)])
    valid_months = models.PositiveSmallIntegerField("有效期（月）", default=12)
    is_active = models.BooleanField("启用", default=True)

    privacy = Privacy(c1="title basis roles pass_score valid_months is_active")

    class Meta:
        verbose_name = verbose_name_plural = "培训课程"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_months__gte=1, pass_score__lte=100),
                name="a_course_holds_for_a_month_and_asks_at_most_a_hundred",
                violation_error_message="有效期至少一个月，及格分最多 100",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingRecord(Evidence):
    """A score below the course's is written down too, and counts for nothing."""

    course = models.ForeignKey(
        TrainingCourse, on_delete=models.PROTECT, related_name="records", verbose_name="课程"
    )
    person = staff_member("员工")
    taken_on = models.DateField("培训日期")
    score = models.PositiveSmallIntegerField("成绩", validators=[MaxValueValidator(100)])
    valid_until = models.DateField("有效期至", null=True, editable=False)
    reference = models.CharField("存档位置", max_length=200, blank=True, help_text="签到表、试卷或证书")

    privacy = Privacy(c1="course person taken_on score valid_until reference")

    class Meta:
        verbose_name = verbose_name_plural = "培训记录"
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person", "taken_on"],
                name="a_course_is_taken_once_a_day",
                violation_error_message="这名员工当天的这次培训已经登记过",
            ),
            models.CheckConstraint(
                condition=Q(score__lte=100),
                name="a_score_is_a_hundred_at_most",
                violation_error_message="成绩最多 100 分",
            ),
        ]
        indexes = [models.Index(fields=["person", "course", "-taken_on"], name="trainings_of_a_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.course}"

    def decide(self) -> None:
        """What the score is worth under the course's rules of today; empty: not passed."""
        passed = self.score >= self.course.pass_score
        self.valid_until = add_months(self.taken_on, self.course.valid_months) if passed else None
