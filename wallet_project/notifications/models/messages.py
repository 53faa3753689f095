"""What somebody was told, and how it went out."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy
from wallet_project.notifications.models.notices import Notice
from wallet_project.notifications.rules.deliveries import PENDING, DeliveryState, SkipReason
from wallet_project.notifications.rules.notices import Category, ChannelKind

READ = "read by its owner, and with them by whoever helps; goes by age"


class Message(models.Model):
    """
    A notice as one person reads it: rendered when it was told, so that a text that changes later changes no
    message. `key` is the occasion ("order:O26…"): nobody is told of one twice. `facts` are the notice's
    variables as rules.variables keeps them; `about` is what it is about, as plain text.
    """

    number = models.CharField("编号", max_length=32, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+", verbose_name="通知")
    key = models.CharField("事由", max_length=96)
    about = models.CharField("关于", max_length=64, blank=True)
    category = models.CharField("类别", max_length=8, choices=Category)
    language = models.CharField("语言", max_length=8)
    title = models.CharField("标题", max_length=80)
    body = models.CharField("正文", max_length=600)
    link = models.CharField("打开页面", max_length=300, blank=True)
    facts = models.JSONField("内容项", default=dict)
    in_inbox = models.BooleanField("在消息中心")
    told_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True)
    opened_at = models.DateTimeField("打开时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="title body link facts",
        c1="number user notice key about category language in_inbox told_at read_at opened_at",
        in_clear={READ: "title body link facts"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            models.UniqueConstraint(fields=["user", "notice", "key"], name="nobody_is_told_of_a_thing_twice"),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(read_at__isnull=False), name="what_was_opened_was_read"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="messages_of_a_person"),
            models.Index(
                fields=["user", "category"],
                name="messages_not_read",
                condition=Q(in_inbox=True, read_at=None),
            ),
            models.Index(fields=["told_at"], name="messages_by_age"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def page(self) -> str:
        """Where a push leads: the page, and which message it was, so that the client can say that it came."""
        return self.link and f"{self.link}{'&' if '?' in self.link else '?'}message={self.number}"


class Delivery(models.Model):
    """
    One message over one channel that pushes; see DeliveryState. `due_at` is when it is looked at next: to be
    sent, or, while it is SENDING, given up waiting for. `why` is a SkipReason where it was SKIPPED, else the
    channel's last error; `provider_id` is what the channel calls it.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name="消息")
    channel = models.CharField("渠道", max_length=9, choices=ChannelKind)
    state = models.CharField("状态", max_length=9, choices=DeliveryState)
    why = models.CharField("原因", max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField("已尝试", default=0)
    due_at = models.DateTimeField("下次处理", null=True, blank=True)
    provider_id = models.CharField("渠道编号", max_length=64, blank=True)
    made_at = models.DateTimeField("产生时间")
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="message channel state why attempts due_at provider_id made_at sent_at")

    class Meta:
        verbose_name = verbose_name_plural = "消息投递"
        permissions = [("repeat_delivery", "重新发送或放弃投递")]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="a_message_goes_over_a_channel_once"),
            models.CheckConstraint(condition=~Q(channel="INBOX"), name="the_inbox_needs_no_delivery"),
            models.CheckConstraint(
                condition=Q(state__in=PENDING, due_at__isnull=False)
                | (~Q(state__in=PENDING) & Q(due_at=None)),
                name="what_is_not_over_says_when_it_goes_on",
            ),
            models.CheckConstraint(
                condition=~Q(state="SKIPPED") | Q(why__in=SkipReason.values), name="what_is_skipped_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["SENT", "DELIVERED"]) | Q(sent_at__isnull=False),
                name="what_was_sent_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="deliveries_due", condition=Q(state__in=PENDING)),
            models.Index(
                fields=["channel", "provider_id"],
                name="deliveries_by_provider_id",
                condition=~Q(provider_id=""),
            ),
            models.Index(fields=["state", "-id"], name="deliveries_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_state_display()}"
