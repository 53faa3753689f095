"""What people are told of because of what they do, or do not do: when, and why not after all."""

from datetime import timedelta

from django.db import models


class TriggerKind(models.TextChoices):
    """Each tells its notice, on occasions of its own kind."""

    COUPON_EXPIRING = "COUPON_EXPIRING", "优惠券即将过期"
    BUDGET_REACHED = "BUDGET_REACHED", "预算用到 80% 或 100%"
    SURVEY_OPEN = "SURVEY_OPEN", "受邀填写问卷"
    ORDER_WAITING = "ORDER_WAITING", "下单后没有支付"
    NOT_SEEN = "NOT_SEEN", "多日没有到访"


NOTICES: dict[str, str] = {
    TriggerKind.COUPON_EXPIRING: "coupons.coupon_expiring",
    TriggerKind.BUDGET_REACHED: "wallet.budget_reached",
    TriggerKind.SURVEY_OPEN: "feedback.survey_invited",
    TriggerKind.ORDER_WAITING: "payments.order_waiting",
    TriggerKind.NOT_SEEN: "notifications.missed",
}


class Unit(models.TextChoices):
    MINUTES = "MINUTES", "分钟"
    DAYS = "DAYS", "天"


class OccasionState(models.TextChoices):
    """WAITING until its time comes → TOLD, or PASSED and why."""

    WAITING = "WAITING", "等待中"
    TOLD = "TOLD", "已通知"
    PASSED = "PASSED", "未通知"


class PassReason(models.TextChoices):
    NOT_TRUE = "NOT_TRUE", "情况已变，不再需要"
    SWITCHED_OFF = "SWITCHED_OFF", "触发已停用"
    OUTSIDE = "OUTSIDE", "不在人群中"
    CAPPED = "CAPPED", "超过频次上限"
    UNWANTED = "UNWANTED", "顾客不接收"
    FAILED = "FAILED", "多次出错，已放弃"


def waiting_time(wait: int, unit: str) -> timedelta:
    return timedelta(days=wait) if unit == Unit.DAYS else timedelta(minutes=wait)
