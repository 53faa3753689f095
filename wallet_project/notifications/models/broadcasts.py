"""Messages to many: what was agreed to be sent, and to whom it went."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet_project.approvals.agreed import Agreed
from wallet_project.kit import clock
from wallet_project.kit.privacy import Privacy
from wallet_project.notifications.models.messages import Message
from wallet_project.notifications.rules.broadcasts import (
    FASTEST,
    KINDS,
    MOST_HELD_OUT,
    Goal,
    RecipientState,
)
from wallet_project.notifications.rules.notices import Category

_TERMS = (
    "name",
    "category",
    "title",
    "body",
    "title_en",
    "body_en",
    "link",
    "per_minute",
    "held_out",
    "goal",
    "goal_days",
)


class Broadcast(Agreed):
    """
    From `starts_at` on, `per_minute` people of a segment are told; `held_out` basis points of them are not.
    Who is in the segment is looked at once, at `begun_at`. What somebody does within `goal_days` counts.
    """

    name = models.CharField("名称", max_length=32, help_text="只给同事看")
    category = models.CharField("类别", max_length=8, choices=KINDS, default=Category.GROWTH)
    segment = models.ForeignKey("coupons.Segment", models.PROTECT, related_name="+", verbose_name="人群")
    title = models.CharField("标题", max_length=40)
    body = models.CharField("正文", max_length=300)
    title_en = models.CharField("英文标题", max_length=40)
    body_en = models.CharField("英文正文", max_length=300)
    link = models.CharField("打开页面", max_length=200, blank=True)
    starts_at = models.DateTimeField("开始发送")
    per_minute = models.PositiveSmallIntegerField("每分钟最多", default=300)
    held_out = models.PositiveSmallIntegerField("对照组（万分之一）", default=0)
    goal = models.CharField("目标行为", max_length=9, choices=Goal, default=Goal.PAID)
    goal_days = models.PositiveSmallIntegerField("观察天数", default=7)
    is_paused = models.BooleanField("已暂停", default=False, editable=False)
    begun_at = models.DateTimeField("实际开始", null=True, editable=False)
    finished_at = models.DateTimeField("发完时间", null=True, editable=False)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        public="name category segment title body title_en body_en link starts_at per_minute held_out goal"
        " goal_days is_paused begun_at finished_at"
    )

    class Meta:
        verbose_name = verbose_name_plural = "群发消息"
        permissions = [("approve_broadcast", "审批群发消息"), ("pause_broadcast", "暂停群发消息")]
        constraints = [
            models.CheckConstraint(
                condition=Q(per_minute__gte=1, per_minute__lte=FASTEST), name="a_broadcast_takes_its_time"
            ),
            models.CheckConstraint(
                condition=Q(held_out__lte=MOST_HELD_OUT), name="half_of_a_broadcast_is_told"
            ),
            models.CheckConstraint(
                condition=Q(goal_days__gte=1, goal_days__lte=60), name="a_goal_is_reached_in_days"
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="pages/"), name="a_broadcast_opens_a_page_of_ours"
            ),
            models.CheckConstraint(
                condition=Q(begun_at=None) | ~Q(state="DRAFT"), name="nobody_is_told_what_was_not_agreed"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> dict[str, Any]:
        """All that a checker agrees to, in JSON."""
        return {
            **{name: getattr(self, name) for name in _TERMS},
            "segment": self.segment_id,
            "starts_at": clock.iso(self.starts_at),
        }

    @classmethod
    def shown(cls, terms: dict[str, Any]) -> dict[str, str]:
        """Chinese label → words."""
        return {
            "类别": str(Category(terms["category"]).label),
            "标题": terms["title"],
            "正文": terms["body"],
            "英文标题": terms["title_en"],
            "英文正文": terms["body_en"],
            "打开页面": terms["link"] or "—",
            "开始发送": clock.in_words(datetime.fromisoformat(terms["starts_at"])),
            "每分钟最多": f"{terms['per_minute']} 人",
            "对照组": f"{terms['held_out'] / 100:g}%",
            "目标行为": f"{terms['goal_days']} 天内{Goal(terms['goal']).label}",
        }

    def words_in(self, language: str | None) -> tuple[str, str]:
        """Title and body."""
        if (language or "").startswith("en"):
            return self.title_en, self.body_en
        return self.title, self.body


class Recipient(models.Model):
    """
    One person of the segment that a broadcast began with. Whoever is at it has `taken_at` the row; after
    `tries` that failed it is not taken before `again_at`. `at` is when it ended, or, of whom was held out,
    when the broadcast began.
    """

    broadcast = models.ForeignKey(
        Broadcast, models.PROTECT, related_name="+", verbose_name="群发消息", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客")
    state = models.CharField("状态", max_length=8, choices=RecipientState)
    taken_at = models.DateTimeField("领取时间", null=True)
    tries = models.PositiveSmallIntegerField("失败次数", default=0)
    again_at = models.DateTimeField("下次尝试", null=True)
    at = models.DateTimeField("时间", null=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, related_name="+", verbose_name="消息", db_index=False
    )
    acted_at = models.DateTimeField("行动时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="broadcast user state taken_at tries again_at at message acted_at")

    class Meta:
        verbose_name = verbose_name_plural = "群发对象"
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "user"], name="nobody_gets_a_broadcast_twice"),
            models.CheckConstraint(
                condition=Q(state="WAITING", at=None) | (~Q(state="WAITING") & Q(at__isnull=False)),
                name="a_recipient_ends_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["broadcast", "id"], name="recipients_waiting", condition=Q(state="WAITING")),
            models.Index(fields=["broadcast", "taken_at"], name="recipients_by_pace"),
            models.Index(
                fields=["message"], name="recipients_by_message", condition=Q(message__isnull=False)
            ),
            models.Index(fields=["at"], name="recipients_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())
