"""Events and jobs that were committed together with what caused them."""

from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy


class StoredEvent(models.Model):
    """One published event, as published."""

    app_role_may = ("SELECT", "INSERT", "DELETE")

    name = models.CharField("事件", max_length=64)
    aggregate = models.CharField("对象", max_length=64)
    payload = models.JSONField("内容")
    request_id = models.CharField("请求号", max_length=64, blank=True)
    published_at = models.DateTimeField("发布时间", auto_now_add=True)

    privacy = Privacy(c1="name aggregate payload request_id published_at")

    class Meta:
        verbose_name = verbose_name_plural = "事件"
        indexes = [models.Index(fields=["published_at"], name="event_published_at")]

    def __str__(self) -> str:
        return f"{self.name} · {self.aggregate}"


class DeliveryState(models.TextChoices):
    WAITING = "WAITING", "待投递"
    DELIVERED = "DELIVERED", "已投递"
    DEAD = "DEAD", "死信"


class Delivery(models.Model):
    """One event on its way to one listener; events of one aggregate arrive in order."""

    event = models.ForeignKey(
        StoredEvent, on_delete=models.CASCADE, related_name="deliveries", verbose_name="事件"
    )
    listener = models.CharField("监听者", max_length=128)
    aggregate = models.CharField("对象", max_length=64)
    state = models.CharField("状态", max_length=16, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    available_at = models.DateTimeField("下次投递")
    delivered_at = models.DateTimeField("投递时间", null=True)
    last_error = models.TextField("最近错误", blank=True)

    privacy = Privacy(c1="event listener aggregate state attempts available_at delivered_at last_error")

    class Meta:
        verbose_name = verbose_name_plural = "事件投递"
        constraints = [
            models.UniqueConstraint(fields=["event", "listener"], name="an_event_reaches_a_listener_once"),
        ]
        indexes = [
            models.Index(fields=["available_at"], name="delivery_waiting", condition=Q(state="WAITING")),
            models.Index(  # of those that wait, too, in the words that outbox_next needs
                fields=["listener", "aggregate", "id"],
                name="delivery_in_order",
                condition=~Q(state__in=["DELIVERED", "DEAD"]),
            ),
            models.Index(fields=["state", "delivered_at"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.listener}"


class JobState(models.TextChoices):
    QUEUED = "QUEUED", "排队中"
    DEAD = "DEAD", "死信"


class Job(models.Model):
    """A task that must run; its row goes away when it has."""

    task = models.CharField("任务", max_length=128)
    arguments = models.JSONField("参数")
    state = models.CharField("状态", max_length=16, choices=JobState, default=JobState.QUEUED)
    sends = models.PositiveSmallIntegerField("发送次数", default=0)
    failures = models.PositiveSmallIntegerField("失败次数", default=0)
    available_at = models.DateTimeField("下次发送")
    last_error = models.TextField("最近错误", blank=True)
    request_id = models.CharField("请求号", max_length=64, blank=True)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)

    privacy = Privacy(c1="task arguments state sends failures available_at last_error request_id created_at")

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        indexes = [models.Index(fields=["available_at"], name="job_queued", condition=Q(state="QUEUED"))]

    def __str__(self) -> str:
        return f"{self.task} {self.arguments}"


class Heartbeat(models.Model):
    """When a background process last showed that it lives."""

    name = models.CharField("进程", max_length=32, primary_key=True)
    at = models.DateTimeField("最近心跳")

    privacy = Privacy(c1="name at")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return self.name
