"""What staff must know of, and how they were told."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from wallet_project.analytics.rules.alerts import AlertChannel, AlertCode, Severity
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class Alert(Timestamped):
    """
    Open until its cause is gone or somebody closes it. What is said again of the same `about` meanwhile is
    counted, and its title and facts are the latest ones.

    `facts` are words and figures for people, pairs of label and text in their order; they name no customer.
    `closed_by` is empty where the cause went away by itself.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")

    code = models.CharField("类别", max_length=24, choices=AlertCode)
    about = models.CharField("对象", max_length=64)
    severity = models.PositiveSmallIntegerField("级别", choices=Severity)
    title = models.CharField("告警", max_length=120)
    facts = models.JSONField("说明", default=list)
    link = models.CharField("相关页面", max_length=200, blank=True)
    count = models.PositiveIntegerField("次数", default=1)
    last_at = models.DateTimeField("最近发生")
    assignee_id = models.BigIntegerField("处理人", null=True, blank=True)
    acknowledged_at = models.DateTimeField("接手时间", null=True, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    closed_by = models.BigIntegerField("关闭人", null=True, blank=True)
    note = models.CharField("处理结果", max_length=200, blank=True)

    privacy = Privacy(
        c1="code about severity title facts link count last_at assignee_id acknowledged_at closed_at"
        " closed_by note"
    )

    class Meta:
        verbose_name = verbose_name_plural = "告警"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "about"], condition=Q(closed_at=None), name="one_open_alert_about_a_thing"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, note="")
                | (Q(closed_at__isnull=False) & ~Q(note="")),
                name="a_closed_alert_says_why",
            ),
        ]
        indexes = [models.Index(fields=["closed_at"], name="alert_by_end")]

    def __str__(self) -> str:
        return self.title

    @property
    def said(self) -> dict[str, str]:
        """The facts, label → text, in their order."""
        return dict(self.facts)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def opened_at(self) -> datetime:
        return self.created_at

    @property
    def ended_at(self) -> datetime | None:
        return self.closed_at


class AlertTelling(models.Model):
    """
    One alert on its way through one channel, at the severity that it had then.

    WAITING → SENT, or DEAD after the last try. `is_held`: the hour's messages were used up; it is told with
    others in one message.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "待发送"
        SENT = "SENT", "已发送"
        DEAD = "DEAD", "发送失败"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="tellings", verbose_name="告警")
    channel = models.CharField("渠道", max_length=8, choices=AlertChannel)
    severity = models.PositiveSmallIntegerField("级别", choices=Severity)
    state = models.CharField("状态", max_length=8, choices=State, default=State.WAITING)
    is_held = models.BooleanField("合并发送", default=False)
    tries = models.PositiveSmallIntegerField("已尝试", default=0)
    due_at = models.DateTimeField("下次发送")
    sent_at = models.DateTimeField("发送时间", null=True)
    last_error = models.CharField("最近错误", max_length=200, blank=True)

    privacy = Privacy(c1="alert channel severity state is_held tries due_at sent_at last_error")

    class Meta:
        verbose_name = verbose_name_plural = "告警推送"
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "channel", "severity"], name="an_alert_is_told_once_by_a_channel"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="alert_telling_due", condition=Q(state="WAITING")),
            models.Index(fields=["channel", "sent_at"], name="alert_telling_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_state_display()}"
