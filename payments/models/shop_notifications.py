"""What a shop system is told about its orders, and how each attempt to tell it went."""

import uuid

from django.db import models
from django.db.models import Q

from payments.rules.shop_notifications import Outcome, ShopEvent
from wallet_project.kit.models.base import AppendOnly, Timestamped
from wallet_project.kit.privacy import Privacy


class ShopNotification(Timestamped):
    """
    WAITING → DELIVERED, or DEAD after the last try; either → WAITING when a person sends it again.

    `body` is what is sent, the same at every try. While one of an order waits, the later ones wait, too.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "待送达"
        DELIVERED = "DELIVERED", "已送达"
        DEAD = "DEAD", "未送达，已停止"

    public_id = models.UUIDField("通知编号", default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey(
        "payments.ShopSystem", on_delete=models.PROTECT, related_name="+", verbose_name="商城系统"
    )
    order = models.ForeignKey(
        "payments.Order", on_delete=models.PROTECT, related_name="shop_notifications", verbose_name="订单"
    )
    event = models.CharField("事件", max_length=24, choices=ShopEvent)
    body = models.TextField("内容")
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    tries_used = models.PositiveSmallIntegerField("已尝试", default=0)
    next_try_at = models.DateTimeField("下次尝试", null=True, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)

    privacy = Privacy(
        c2="body",
        c1="public_id shop order event state tries_used next_try_at delivered_at",
        in_clear={"the merchant's own books": "body"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "商城通知"
        permissions = [("resend_shopnotification", "重新发送商城通知")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="WAITING", next_try_at__isnull=False)
                | (~Q(state="WAITING") & Q(next_try_at=None)),
                name="a_waiting_notification_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="DELIVERED") | Q(delivered_at__isnull=False),
                name="a_delivered_notification_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="shop_notification_due", condition=Q(state="WAITING")),
            models.Index(fields=["created_at"], name="shop_notification_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.order}"


class ShopNotificationTry(AppendOnly):
    """One request to a shop and what came back; `status` is empty where nothing did."""

    app_role_may = ("SELECT", "INSERT", "DELETE")

    notification = models.ForeignKey(
        ShopNotification, on_delete=models.CASCADE, related_name="tries", verbose_name="商城通知"
    )
    at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=12, choices=Outcome)
    status = models.PositiveSmallIntegerField("HTTP 状态", null=True, blank=True)
    ms = models.PositiveIntegerField("耗时（毫秒）")
    answer = models.CharField("应答开头", max_length=200, blank=True)

    privacy = Privacy(
        c2="answer",
        c1="notification at outcome status ms",
        in_clear={"what a person finds the shop's mistake by": "answer"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "通知尝试"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.status or ''}".strip()
