"""Experiments: how people are split, and who was in which arm since when."""

from django.db import models
from django.db.models import Q

from coupons.models.segments import Segment
from coupons.rules.experiments import Arm, Split
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import Privacy


class ExperimentState(models.TextChoices):
    """DRAFT → RUNNING → ENDED. How it splits people is never changed once it runs."""

    DRAFT = "DRAFT", "草稿"
    RUNNING = "RUNNING", "进行中"
    ENDED = "ENDED", "已结束"


class Experiment(Timestamped):
    """
    `holdout` and `b` are basis points (rules.experiments.Split). What people buy within `window_days` of
    their exposure is its outcome. With a segment, everybody in it is exposed; else who meets it.
    """

    key = models.SlugField("编号", max_length=32, unique=True)
    name = models.CharField("名称", max_length=32)
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人群"
    )
    holdout = models.PositiveSmallIntegerField("对照组（万分之一）", default=1000)
    b = models.PositiveSmallIntegerField("方案 B 占其余的（万分之一）", default=0)
    window_days = models.PositiveSmallIntegerField("观察天数", default=14)
    state = models.CharField(
        "状态", max_length=8, choices=ExperimentState, default=ExperimentState.DRAFT, editable=False
    )
    started_at = models.DateTimeField("开始时间", null=True, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, editable=False)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="key name segment holdout b window_days state started_at ended_at")

    class Meta:
        verbose_name = verbose_name_plural = "对照实验"
        constraints = [
            models.CheckConstraint(
                condition=Q(holdout__gte=500, holdout__lte=2000), name="a_twentieth_to_a_fifth_is_held_out"
            ),
            models.CheckConstraint(condition=Q(b__lt=10_000), name="somebody_sees_a"),
            models.CheckConstraint(
                condition=Q(window_days__gte=1, window_days__lte=90), name="an_outcome_has_a_window"
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT", started_at=None, ended_at=None)
                | Q(state="RUNNING", started_at__isnull=False, ended_at=None)
                | Q(state="ENDED", started_at__isnull=False, ended_at__isnull=False),
                name="an_experiment_says_when_it_ran",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def split(self) -> Split:
        return Split(holdout=self.holdout, b=self.b)


class Exposure(AppendOnly):
    """Somebody met an experiment: from here on what they buy counts for their arm, held out or not."""

    experiment = models.ForeignKey(
        Experiment, models.PROTECT, related_name="+", verbose_name="对照实验", db_index=False
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="顾客")
    arm = models.CharField("分组", max_length=8, choices=[(arm.value, arm.value) for arm in Arm])
    since = models.DateTimeField("进入时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="experiment user arm since")

    class Meta:
        verbose_name = verbose_name_plural = "实验分组"
        constraints = [
            models.UniqueConstraint(fields=["experiment", "user"], name="somebody_meets_an_experiment_once"),
        ]

    def __str__(self) -> str:
        return self.arm
