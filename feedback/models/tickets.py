"""Tickets and what was said in them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from feedback.rules.tickets import OPEN_STATES, Priority, TicketChannel, TicketKind, TicketState, Voice
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy

SEARCHED = "found by its words; read by whoever helps, and removed with its ticket"


class Queue(models.Model):
    """Who takes what: tickets of these kinds, in this language, go to these people."""

    code = models.SlugField("代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=32)
    kinds = models.JSONField("受理类型", default=list)
    language = models.CharField("语言", max_length=8, default="zh-hans", choices=settings.LANGUAGES)
    is_default = models.BooleanField("其余都归此队列", default=False)
    idle_minutes = models.PositiveSmallIntegerField(
        "无人照管多久转给同事",
        default=30,
        help_text="单位：分钟。工单等待我们处理、而受理人这么久没有查看或回复时，转给在线的同事",
    )
    remind_days = models.PositiveSmallIntegerField(
        "顾客多少天没有回复时提醒",
        default=3,
        help_text="单位：天。从我们最近一次回复算起；每次回复只提醒一次",
    )
    resolve_days = models.PositiveSmallIntegerField(
        "多少天没有回复时标为已解决",
        default=7,
        help_text="单位：天。从我们最近一次回复算起，须晚于提醒；顾客再来留言即重新打开",
    )

    privacy = Privacy(
        public="code name kinds language is_default idle_minutes remind_days resolve_days",
    )

    class Meta:
        verbose_name = verbose_name_plural = "客服队列"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_queue_takes_the_rest"
            ),
            models.CheckConstraint(
                condition=Q(remind_days__gte=1, resolve_days__gt=F("remind_days")),
                name="customers_are_reminded_before_they_are_given_up",
                violation_error_message="须先提醒：标为已解决的天数要多于提醒的天数，提醒至少 1 天",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """
    Somebody's matter, however it reached us. `about` names what it concerns ("order:O2611…", "record:17",
    "coupon:…"), `amount` the money in question in fen. `source` is what it was made from, and makes one
    ticket. `user` is empty while we do not know who wrote.
    """

    number = models.CharField("工单号", max_length=32, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="顾客",
        db_index=False,
    )
    kind = models.CharField("类型", max_length=12, choices=TicketKind)
    channel = models.CharField("渠道", max_length=12, choices=TicketChannel)
    source = models.CharField("来源", max_length=96, unique=True)
    subject = models.CharField("主题", max_length=120)
    language = models.CharField("语言", max_length=8, default="zh-hans", choices=settings.LANGUAGES)
    state = models.CharField("状态", max_length=8, choices=TicketState, default=TicketState.NEW)
    priority = models.PositiveSmallIntegerField("优先级", choices=Priority, default=Priority.NORMAL)
    tier = models.CharField("会员等级", max_length=32, blank=True)
    about = models.CharField("关联业务", max_length=80, blank=True)
    amount = models.BigIntegerField("涉及金额", default=0)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+", verbose_name="队列")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="受理人",
        db_index=False,
    )
    assigned_at = models.DateTimeField("分配时间", null=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name="并入工单"
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name="上一工单"
    )
    cause = models.ForeignKey(
        "feedback.RootCause", models.PROTECT, null=True, related_name="+", verbose_name="根因"
    )
    opened_at = models.DateTimeField("提交时间")
    first_replied_at = models.DateTimeField("首次回复时间", null=True)
    customer_wrote_at = models.DateTimeField("顾客最近留言", null=True)
    we_wrote_at = models.DateTimeField("客服最近回复", null=True)
    reminded_at = models.DateTimeField("最近提醒顾客", null=True)
    resolved_at = models.DateTimeField("解决时间", null=True)
    closed_at = models.DateTimeField("关闭时间", null=True)
    reopened = models.PositiveSmallIntegerField("重开次数", default=0)
    words = SearchVectorField("检索词", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="subject amount words",
        c1="number user kind channel source language state priority tier about queue assignee assigned_at"
        " merged_into follows cause opened_at first_replied_at customer_wrote_at we_wrote_at"
        " reminded_at resolved_at"
        " closed_at reopened",
        in_clear={COUNTED: "amount", SEARCHED: "subject words"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "工单"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_ticket_is_about_no_less_than_nothing"),
            models.CheckConstraint(
                condition=~Q(state="MERGED") | Q(merged_into__isnull=False),
                name="a_merged_ticket_says_where_it_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["CLOSED", "MERGED"], closed_at__isnull=False)
                | ~Q(state__in=["CLOSED", "MERGED"]),
                name="a_ticket_closes_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="tickets_of_a_person"),
            models.Index(
                fields=["queue", "priority", "id"],
                name="tickets_waiting",
                condition=Q(state__in=sorted(OPEN_STATES)),
            ),
            models.Index(
                fields=["assignee", "priority", "id"],
                name="tickets_of_an_agent",
                condition=Q(state__in=sorted(OPEN_STATES)),
            ),
            models.Index(
                fields=["resolved_at"], name="ticket_resolved_by_age", condition=Q(state="RESOLVED")
            ),
            models.Index(fields=["we_wrote_at"], name="tickets_unanswered", condition=Q(state="WAITING")),
            models.Index(fields=["opened_at"], name="tickets_by_opening"),
            models.Index(
                fields=["first_replied_at"],
                name="tickets_by_reply",
                condition=Q(first_replied_at__isnull=False),
            ),
            models.Index(
                fields=["resolved_at"], name="tickets_by_solution", condition=Q(resolved_at__isnull=False)
            ),
            GinIndex(fields=["words"], name="ticket_words"),
        ]

    def __str__(self) -> str:
        return self.number


class TicketMessage(AppendOnly):
    """One thing said; `client_id` is what the sender called it, so that saying it twice says it once."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages", verbose_name="工单")
    voice = models.CharField("身份", max_length=8, choices=Voice)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="发言人",
        db_index=False,
    )
    body = models.TextField("内容", max_length=4_000)
    client_id = models.CharField("客户端编号", max_length=64)
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c2="body", c1="ticket voice author client_id at", in_clear={SEARCHED: "body"})

    class Meta:
        verbose_name = verbose_name_plural = "工单留言"
        constraints = [
            models.UniqueConstraint(fields=["ticket", "client_id"], name="a_message_is_said_once"),
        ]
        indexes = [models.Index(fields=["ticket", "id"], name="messages_in_order")]

    def __str__(self) -> str:
        return f"{self.ticket_id}:{self.pk}"
