"""Live chats: who is in line, and who talks with whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from feedback.models.tickets import Ticket
from feedback.rules.chats import ChatEnd, ChatState
from wallet_project.kit.privacy import Privacy


class Chat(models.Model):
    """
    A ticket's conversation, held live: what is said are the ticket's messages, so that it goes on there when
    the chat ends. `client_id` is what the customer's device called it, and makes one chat. `read` is how far
    each side has read, as the id of a message.
    """

    number = models.CharField("会话号", max_length=32, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="顾客", db_index=False
    )
    client_id = models.CharField("客户端编号", max_length=40)
    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="chat", verbose_name="工单")
    state = models.CharField("状态", max_length=8, choices=ChatState, default=ChatState.WAITING)
    end = models.CharField("结束方式", max_length=8, choices=ChatEnd, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="客服",
        db_index=False,
    )
    opened_at = models.DateTimeField("进线时间")
    waiting_since = models.DateTimeField("排队开始")
    taken_at = models.DateTimeField("首次接入时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    customer_seen_at = models.DateTimeField("顾客最近在线")
    customer_read = models.BigIntegerField("顾客已读至", default=0)
    agent_read = models.BigIntegerField("客服已读至", default=0)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c1="number user client_id ticket state end agent opened_at waiting_since taken_at ended_at"
        " customer_seen_at customer_read agent_read"
    )

    class Meta:
        verbose_name = verbose_name_plural = "在线会话"
        constraints = [
            models.UniqueConstraint(fields=["user", "client_id"], name="a_chat_is_opened_once"),
            models.UniqueConstraint(
                fields=["user"], condition=~Q(state="ENDED"), name="one_open_chat_per_person"
            ),
            models.CheckConstraint(
                condition=Q(state="TALKING", agent__isnull=False)
                | Q(state="WAITING", agent__isnull=True)
                | Q(state="ENDED"),
                name="whoever_talks_has_an_agent",
            ),
            models.CheckConstraint(
                condition=Q(state="ENDED", ended_at__isnull=False) & ~Q(end="")
                | ~Q(state="ENDED") & Q(ended_at__isnull=True, end=""),
                name="a_chat_ends_at_a_moment_and_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="chats_of_a_person"),
            models.Index(fields=["agent", "id"], name="chats_of_an_agent", condition=Q(state="TALKING")),
            models.Index(fields=["id"], name="chats_in_line", condition=Q(state="WAITING")),
        ]

    def __str__(self) -> str:
        return self.number
