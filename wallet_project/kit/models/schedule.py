"""What the clock starts: when it last ran, and how that went."""

from django.conf import settings
from django.db import models

from wallet_project.kit.privacy import Privacy


class RunOutcome(models.TextChoices):
    RUNNING = "RUNNING", "运行中"
    DONE = "DONE", "成功"
    FAILED = "FAILED", "失败"


class ScheduledJob(models.Model):
    """
    One entry of the schedule and its latest run; `migrate` makes a row for each entry and drops what is gone.

    RUNNING with nobody at it: the worker was killed. `good_at` is when the latest run began that succeeded.
    """

    name = models.CharField("任务", max_length=64, primary_key=True)
    known_since = models.DateTimeField("列入时间")
    due_at = models.DateTimeField("下次应执行")
    begun_at = models.DateTimeField("上次开始", null=True)
    waited = models.DurationField("上次延迟", null=True)
    took = models.DurationField("上次耗时", null=True)
    outcome = models.CharField("上次结果", max_length=8, choices=RunOutcome, blank=True)
    error = models.TextField("上次错误", blank=True)
    good_at = models.DateTimeField("上次成功", null=True)
    failures = models.PositiveIntegerField("连续失败", default=0)

    privacy = Privacy(c1="name known_since due_at begun_at waited took outcome error good_at failures")

    class Meta:
        verbose_name = verbose_name_plural = "定时任务"
        permissions = [("run_scheduledjob", "立即执行定时任务")]

    def __str__(self) -> str:
        words: str = settings.SCHEDULE_WORDS.get(self.name, self.name)
        return words


class JobRun(models.Model):
    """A run that ended: each that failed, and the others of what runs every five minutes or less often."""

    job = models.ForeignKey(
        ScheduledJob, on_delete=models.CASCADE, related_name="runs", verbose_name="定时任务"
    )
    begun_at = models.DateTimeField("开始时间", db_index=True)
    waited = models.DurationField("延迟", null=True)
    took = models.DurationField("耗时")
    outcome = models.CharField("结果", max_length=8, choices=RunOutcome)
    error = models.TextField("错误", blank=True)

    privacy = Privacy(c1="job begun_at waited took outcome error")

    class Meta:
        verbose_name = verbose_name_plural = "执行记录"

    def __str__(self) -> str:
        return f"{self.job_id} {self.begun_at:%Y-%m-%d %H:%M}"
