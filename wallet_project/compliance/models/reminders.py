"""Reminder: that the desk has told of a deadline, so that it tells it once."""

from django.db import models

from wallet_project.compliance.rules.deadlines import DeadlineKind
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class Reminder(AppendOnly):
    kind = models.CharField("事项", max_length=12, choices=DeadlineKind)
    subject = models.CharField("对象", max_length=64)
    due_on = models.DateField("期限")
    stage = models.SmallIntegerField("提前天数")
    sent_at = models.DateTimeField("提醒时间")

    privacy = Privacy(c1="kind subject due_on stage sent_at")

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "due_on", "stage"], name="a_deadline_is_told_once_at_each_stage"
            ),
        ]
        indexes = [models.Index(fields=["-sent_at"], name="latest_reminders")]

    def __str__(self) -> str:
        return f"{self.subject} · {self.due_on:%Y-%m-%d}"
