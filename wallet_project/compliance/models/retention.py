"""RetentionRule: how long one kind of rows is kept, and why. RetentionRun: that it was done."""

from django.db import models
from django.db.models import Q

from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class RetentionRule(Timestamped):
    """
    The part of the schedule that people may turn; what the kind is stands in its app.

    A row appears with `migrate` when a version brings a new kind, so there is none to add or to delete.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    kind = models.CharField("数据种类", max_length=48, unique=True, editable=False)
    keep_days = models.PositiveIntegerField("保存天数")
    basis = models.CharField("依据", max_length=200)
    enabled = models.BooleanField("执行", default=True)

    privacy = Privacy(c1="kind keep_days basis enabled")

    class Meta:
        verbose_name = verbose_name_plural = "保存期限"
        permissions = [("approve_retention", "审批保存期限")]
        constraints = [
            models.CheckConstraint(condition=Q(keep_days__gte=1), name="a_row_is_kept_for_a_day_at_least"),
        ]

    def __str__(self) -> str:
        return self.kind


class RetentionRun(models.Model):
    """
    RUNNING → DONE           nothing outdated is left
    RUNNING → UNFINISHED     the time was up; the next run goes on
    RUNNING → FAILED         `error` says why; what was removed before stays removed
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        RUNNING = "RUNNING", "执行中"
        DONE = "DONE", "完成"
        UNFINISHED = "UNFINISHED", "时间用完，下次继续"
        FAILED = "FAILED", "失败"

    rule = models.ForeignKey(
        RetentionRule, on_delete=models.PROTECT, related_name="runs", verbose_name="保存期限"
    )
    before = models.DateTimeField("清理早于")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.RUNNING)
    cleared = models.PositiveIntegerField("清理行数", default=0)
    oldest_left = models.DateTimeField("剩余最早", null=True)
    error = models.CharField("错误", max_length=200, blank=True)

    privacy = Privacy(c1="rule before started_at finished_at state cleared oldest_left error")

    class Meta:
        verbose_name = verbose_name_plural = "清理记录"
        indexes = [models.Index(fields=["rule", "-started_at"], name="runs_of_a_rule")]

    def __str__(self) -> str:
        return f"{self.rule} · {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None
