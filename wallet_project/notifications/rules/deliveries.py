"""How a message goes out over a channel, and what may become of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models


class DeliveryState(models.TextChoices):
    """
    WAITING → SENDING → SENT → DELIVERED or FAILED, when the channel tells more. A try that did not get
    through is WAITING again, at last DEAD. UNSURE: it may have arrived, so it is not sent again. SKIPPED: not
    sent, and why. Staff send again what is FAILED, UNSURE or DEAD, or put it aside as DISCARDED.
    """

    WAITING = "WAITING", "待发送"
    SENDING = "SENDING", "发送中"
    SENT = "SENT", "已发送"
    DELIVERED = "DELIVERED", "已送达"
    UNSURE = "UNSURE", "不确定是否送达"
    FAILED = "FAILED", "发送失败"
    DEAD = "DEAD", "多次失败，已停止"
    SKIPPED = "SKIPPED", "未发送"
    DISCARDED = "DISCARDED", "已放弃"


PENDING = (DeliveryState.WAITING, DeliveryState.SENDING)
TOLD = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.UNSURE)
"""What counts for a cap: it has reached somebody, or may have."""
REPEATABLE = (DeliveryState.FAILED, DeliveryState.UNSURE, DeliveryState.DEAD)


class SkipReason(models.TextChoices):
    LEFT = "LEFT", "顾客已注销"
    SWITCHED_OFF = "SWITCHED_OFF", "通知已停用"
    UNSUBSCRIBED = "UNSUBSCRIBED", "顾客已退订"
    NO_CONSENT = "NO_CONSENT", "没有营销同意"
    CAPPED = "CAPPED", "超过频次上限"
    NO_QUOTA = "NO_QUOTA", "没有订阅次数"
    NO_OPENID = "NO_OPENID", "没有微信身份"
    NO_PHONE = "NO_PHONE", "没有手机号"
    NO_TEMPLATE = "NO_TEMPLATE", "没有可用的模板"
    NOT_TRUE = "NOT_TRUE", "情况已变，不再需要"
    PAUSED = "PAUSED", "渠道已暂停"


OVER = (SkipReason.LEFT, SkipReason.SWITCHED_OFF, SkipReason.NOT_TRUE)
"""Whoever is not told over one channel because of these is not told over the next."""


class Result(models.TextChoices):
    SENT = "SENT"
    UNSURE = "UNSURE"  # no answer: it may have gone out
    RETRY = "RETRY"  # it certainly did not, and may later
    FAILED = "FAILED"  # it did not, and never will
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Of one try. `why`: a SkipReason where it was skipped, else the channel's error code."""

    result: Result
    why: str = ""
    provider_id: str = ""


STEPS = (30, 120, 600, 1800, 7200)  # seconds between tries
ANSWER_TIME = timedelta(minutes=10)  # by then a try was answered, or whoever made it is gone


def next_try(*, at: datetime, used: int) -> datetime | None:
    """After this many tries; None: that was the last."""
    return at + timedelta(seconds=STEPS[used - 1]) if used <= len(STEPS) else None
