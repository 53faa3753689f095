"""What sets off a message by itself, and every time it did or did not."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy
from wallet_project.notifications.models.messages import Message
from wallet_project.notifications.rules.triggers import (
    NOTICES,
    OccasionState,
    PassReason,
    TriggerKind,
    Unit,
    waiting_time,
)


class Trigger(models.Model):
    """
    `wait` after the occasion somebody of the segment is told, if it is still true, and was not told of
    another one of its kind in the last `cap_days`; 0: however often. Without a segment: anybody.
    """

    kind = models.CharField("触发条件", max_length=16, choices=TriggerKind, unique=True, editable=False)
    wait = models.PositiveSmallIntegerField("等待多久")
    unit = models.CharField("单位", max_length=8, choices=Unit)
    cap_days = models.PositiveSmallIntegerField(
        "间隔天数", default=0, help_text="同一顾客这么多天内最多通知一次；0 为不限"
    )
    segment = models.ForeignKey(
        "coupons.Segment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="人群",
        help_text="不选为所有顾客",
    )
    is_enabled = models.BooleanField("启用", default=True)

    app_role_may = ("SELECT", "UPDATE")
    privacy = Privacy(public="kind wait unit cap_days segment is_enabled")

    class Meta:
        verbose_name = verbose_name_plural = "行为触发"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="NOT_SEEN") | Q(unit="DAYS", wait__gte=1), name="an_absence_takes_days"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def notice(self) -> str:
        return NOTICES[self.kind]

    @property
    def waits(self) -> timedelta:
        return waiting_time(self.wait, self.unit)


class Occasion(models.Model):
    """
    Something that one person may be told of, once: `key` names it ("coupon:…", "order:…"). `due_at` is when
    it is looked at, later and later after `tries` that failed; `why` a PassReason where nothing was said.
    """

    trigger = models.ForeignKey(Trigger, models.PROTECT, related_name="+", verbose_name="行为触发")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    key = models.CharField("事由", max_length=96)
    since = models.DateTimeField("发生时间")
    due_at = models.DateTimeField("处理时间")
    state = models.CharField("状态", max_length=8, choices=OccasionState, default=OccasionState.WAITING)
    why = models.CharField("原因", max_length=16, choices=PassReason, blank=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, related_name="+", verbose_name="消息", db_index=False
    )
    tries = models.PositiveSmallIntegerField("失败次数", default=0)
    ended_at = models.DateTimeField("结束时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="trigger user key since due_at state why message tries ended_at")

    class Meta:
        verbose_name = verbose_name_plural = "触发记录"
        constraints = [
            models.UniqueConstraint(fields=["user", "trigger", "key"], name="nobody_has_an_occasion_twice"),
            models.CheckConstraint(
                condition=Q(state="WAITING", ended_at=None, why="")
                | Q(state="TOLD", ended_at__isnull=False, why="")
                | (Q(state="PASSED", ended_at__isnull=False) & ~Q(why="")),
                name="what_was_not_told_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="occasions_due", condition=Q(state="WAITING")),
            models.Index(fields=["message"], name="occasions_by_message", condition=Q(message__isnull=False)),
            models.Index(fields=["since"], name="occasions_by_age"),
        ]

    def __str__(self) -> str:
        return self.key
