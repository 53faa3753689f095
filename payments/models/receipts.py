"""What WeChat and the biller platform sent, as sent."""

from django.db import models

from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class CallbackReceipt(Timestamped):
    """
    One verified callback. The body stays as it was sent (WeChat's encrypted) and is opened to act on it.

    RECEIVED → DONE          acted upon, or nothing was to be done
    RECEIVED → CASE          kept for a person, the case says why
    UNOPENED                 signed by WeChat, but our APIv3 key did not open it
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", "待处理"
        DONE = "DONE", "已处理"
        CASE = "CASE", "转异常"
        UNOPENED = "UNOPENED", "无法解密"

    class Source(models.TextChoices):
        WECHAT = "wechat", "微信"
        BILLERS = "billers", "缴费平台"
        PUSH = "push", "微信消息推送"

    source = models.CharField(
        "来源", max_length=8, choices=Source, default=Source.WECHAT, db_default=Source.WECHAT
    )
    notice_id = models.CharField("通知 ID", max_length=64)
    event_type = models.CharField("类型", max_length=64)
    headers = models.JSONField("请求头")
    body = models.TextField("原文")
    state = models.CharField("状态", max_length=12, choices=State)
    subject = models.CharField("单号", max_length=64, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    repeats = models.PositiveIntegerField("重复次数", default=0)
    handled_at = models.DateTimeField("处理时间", null=True, blank=True)

    privacy = Privacy(
        c2="body",
        c1="source notice_id event_type headers state subject note repeats handled_at",
        in_clear={"WeChat's is still encrypted, the biller platform's names nobody": "body"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "外部通知"
        permissions = [("open_callbackreceipt", "查看通知的解密内容")]
        constraints = [
            models.UniqueConstraint(fields=["source", "notice_id"], name="a_notice_is_kept_once"),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="receipt_by_state"),
            models.Index(fields=["subject"], name="receipt_by_subject", condition=~models.Q(subject="")),
        ]

    def __str__(self) -> str:
        return self.notice_id


class RejectedCallback(models.Model):
    """How many requests a day failed verification, and why: nothing of their content is kept."""

    day = models.DateField("日期")
    reason = models.CharField("原因", max_length=32)
    count = models.PositiveIntegerField("次数", default=0)
    last_at = models.DateTimeField("最近一次")

    privacy = Privacy(c1="day reason count last_at")

    class Meta:
        verbose_name = verbose_name_plural = "验签失败统计"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "reason"], name="rejections_are_counted_per_day_and_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"
