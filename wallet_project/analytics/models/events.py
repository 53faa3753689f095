"""What happened, line by line; and what follows from it about each person."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import COUNTED, Privacy


class Event(models.Model):
    """
    Something that happened at a time (`rules.events` lists what may). Months are partitions, made ahead and
    dropped whole (analytics/sql/events.sql); the application changes none.

    `key` keeps what is told twice from being counted twice. `visitor` stands for a device and does not tell
    which; before a login it is all that is known.
    """

    pk = models.CompositePrimaryKey("key", "at")
    key = models.UUIDField("编号", default=uuid.uuid4)
    at = models.DateTimeField("时间")
    name = models.CharField("事件", max_length=24)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="用户",
        db_index=False,
        db_constraint=False,
    )
    visitor = models.UUIDField("设备代号", null=True)
    properties = models.JSONField("属性", default=dict)

    app_role_may = ("SELECT", "INSERT")
    privacy = Privacy(c1="key at name user visitor properties")

    class Meta:
        verbose_name = verbose_name_plural = "行为事件"
        indexes = [
            models.Index(fields=["name", "at"], name="event_by_name"),
            models.Index(fields=["user", "at"], name="event_of_a_user", condition=Q(user__isnull=False)),
            models.Index(
                fields=["visitor", "at"], name="event_of_a_visitor", condition=Q(visitor__isnull=False)
            ),
            BrinIndex(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


class Activity(models.Model):
    """
    One person on one day they were here: in which hours (bit 0 is midnight to one), how much they did, how
    often they paid and topped up. Counted on with every event that comes in.
    """

    pk = models.CompositePrimaryKey("user", "day")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="用户",
        db_index=False,
        db_constraint=False,
    )
    day = models.DateField("日期")
    hours = models.IntegerField("活跃小时")
    acts = models.IntegerField("行为次数")
    paid = models.IntegerField("付款次数")
    topped_up = models.IntegerField("充值次数")

    privacy = Privacy(
        c2="acts paid topped_up", c1="user day hours", in_clear={COUNTED: "acts paid topped_up"}
    )

    class Meta:
        verbose_name = verbose_name_plural = "每日活跃"
        indexes = [models.Index(fields=["day", "user"], include=["hours"], name="activity_of_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"


class Journey(models.Model):
    """When somebody took each step for the first time; empty: not yet, or before events were kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        primary_key=True,
        related_name="+",
        verbose_name="用户",
        db_constraint=False,
    )
    registered_on = models.DateField("注册日期", null=True)
    phone_on = models.DateField("绑定手机日期", null=True)
    topped_up_on = models.DateField("首次充值日期", null=True)
    paid_on = models.DateField("首次付款日期", null=True)

    privacy = Privacy(c1="user registered_on phone_on topped_up_on paid_on")

    class Meta:
        verbose_name = verbose_name_plural = "新客历程"
        indexes = [
            models.Index(
                fields=["registered_on"],
                include=["user", "phone_on", "topped_up_on", "paid_on"],
                name="journey_by_registration",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.registered_on}"


class EventFeed(models.Model):
    """
    How far the outbox was heard: everything published before `upto` is among the events. So will be
    everything before `next_at` when the transactions before `next_transaction` have ended. One row.
    """

    upto = models.DateTimeField("已读到")
    next_at = models.DateTimeField("下次读到")
    next_transaction = models.BigIntegerField("待结束的事务")

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="upto next_at next_transaction")

    class Meta:
        verbose_name = verbose_name_plural = "事件读取进度"

    def __str__(self) -> str:
        return f"{self.upto:%Y-%m-%d %H:%M:%S}"


class UnreadEvent(models.Model):
    """
    A published event that could not be kept, and why. It is tried again at every look at the outbox, and
    forgotten when it was read, or when the outbox has forgotten it.
    """

    event_id = models.BigIntegerField("事件编号", primary_key=True)
    name = models.CharField("事件", max_length=64)
    why = models.TextField("原因")
    at = models.DateTimeField("搁置时间")

    privacy = Privacy(c1="event_id name why at")

    class Meta:
        verbose_name = verbose_name_plural = "未能读取的事件"

    def __str__(self) -> str:
        return f"{self.name} {self.event_id}"
