"""What payers complain about in WeChat, and what we tell WeChat of it."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from feedback.models.tickets import Ticket, TicketMessage
from feedback.rules.complaints import (
    ANSWERED_WITHIN,
    SOLVED_WITHIN,
    ComplaintState,
    TellingKind,
    TellingState,
)
from wallet_project.kit.fields import SealedField, open_column, seal_column
from wallet_project.kit.privacy import COUNTED, Privacy


class Complaint(models.Model):
    """
    One complaint of WeChat's, as it was when we last read it (`read_at`); amounts in fen. Its conversation is
    the ticket's; `heard` names the steps of WeChat's history that are in it. `look_at`: there is news.
    """

    complaint_id = models.CharField("投诉单号", max_length=64, unique=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+", verbose_name="工单")
    state = models.CharField(
        "微信状态", max_length=12, choices=ComplaintState, default=ComplaintState.NOTICED
    )
    problem_type = models.CharField("问题类型", max_length=32, blank=True)
    problem = models.CharField("问题描述", max_length=200, blank=True)
    payment_no = models.CharField("支付单号", max_length=32, blank=True)
    transaction_id = models.CharField("微信支付单号", max_length=32, blank=True)
    about = models.CharField("关联业务", max_length=80, blank=True, db_index=True)
    paid = models.BigIntegerField("支付金额", default=0)
    refund_wanted = models.BigIntegerField("申请退款金额", null=True)
    phone_sealed = SealedField(
        "联系电话（加密）", default=b"", belongs_to="feedback.complaint.phone:{complaint_id}"
    )
    times = models.PositiveSmallIntegerField("投诉次数", default=1)
    is_unanswered = models.BooleanField("投诉人等待回复", default=False)
    is_refunded = models.BooleanField("已全额退款", default=False)
    with_platform = models.BooleanField("微信客服已介入", default=False)
    is_urgent = models.BooleanField("需要立即服务", default=False)
    heard = models.JSONField("已读取的协商记录", default=list)
    complained_at = models.DateTimeField("投诉时间", null=True)
    answered_at = models.DateTimeField("首次答复时间", null=True)
    processed_at = models.DateTimeField("处理完成时间", null=True)
    noticed_at = models.DateTimeField("得知时间")
    read_at = models.DateTimeField("最近读取", null=True)
    look_at = models.DateTimeField("下次读取", null=True)
    failures = models.PositiveSmallIntegerField("读取失败次数", default=0)
    last_error = models.CharField("最近错误", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="problem paid refund_wanted phone_sealed",
        c1="complaint_id ticket state problem_type payment_no transaction_id about times is_unanswered"
        " is_refunded with_platform is_urgent heard complained_at answered_at processed_at noticed_at read_at"
        " look_at failures last_error",
        in_clear={COUNTED: "paid refund_wanted", "one of WeChat's own phrases": "problem"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "微信支付投诉"
        permissions = [("answer_complaint", "处理微信支付投诉")]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid__gte=0) & (Q(refund_wanted=None) | Q(refund_wanted__gte=0)),
                name="a_complaint_is_about_no_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state="NOTICED", read_at=None)
                | Q(ticket__isnull=False, read_at__isnull=False, complained_at__isnull=False),
                name="a_complaint_that_was_read_has_a_ticket",
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], name="complaint_with_news", condition=Q(look_at__isnull=False)),
            models.Index(fields=["-complained_at"], name="complaint_by_age"),
        ]

    def __str__(self) -> str:
        return self.complaint_id

    @property
    def phone(self) -> str:
        return open_column(self, "phone_sealed") if self.phone_sealed else ""

    @phone.setter
    def phone(self, plain: str) -> None:
        if plain:
            seal_column(self, "phone_sealed", plain)

    @property
    def answer_by(self) -> datetime | None:
        """Until when WeChat expects a first answer; None when it was given, or nothing is known yet."""
        if self.answered_at or self.state == ComplaintState.PROCESSED:
            return None
        return (self.complained_at or self.noticed_at) + ANSWERED_WITHIN

    @property
    def solve_by(self) -> datetime | None:
        """Until when WeChat expects an end; None when there is one."""
        if self.state == ComplaintState.PROCESSED:
            return None
        return (self.complained_at or self.noticed_at) + SOLVED_WITHIN


class ComplaintTelling(models.Model):
    """
    One thing to tell WeChat, in the order of their ids. A long answer of ours is several, `part` by part.
    `media_ids` are WeChat's names of its pictures, once they are there.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="tellings", verbose_name="投诉单")
    kind = models.CharField("内容", max_length=8, choices=TellingKind)
    text = models.CharField("文字", max_length=200, blank=True)
    message = models.ForeignKey(
        TicketMessage, models.CASCADE, null=True, related_name="+", verbose_name="工单留言"
    )
    part = models.PositiveSmallIntegerField("第几段", default=0)
    media_ids = models.JSONField("图片", null=True)
    state = models.CharField("状态", max_length=8, choices=TellingState, default=TellingState.WAITING)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    failures = models.PositiveSmallIntegerField("自身失败次数", default=0)
    next_try_at = models.DateTimeField("下次尝试", null=True)
    last_error = models.CharField("最近错误", max_length=200, blank=True)
    made_at = models.DateTimeField("提出时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c2="text",
        c1="complaint kind message part media_ids state tries failures next_try_at last_error made_at"
        " ended_at",
        in_clear={"what we write to WeChat, and look for there": "text"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "发给微信的处理结果"
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "message", "part"], name="a_part_of_an_answer_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state="WAITING", next_try_at__isnull=False, ended_at=None)
                | (~Q(state="WAITING") & Q(next_try_at=None, ended_at__isnull=False)),
                name="a_telling_waits_or_has_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="telling_due", condition=Q(state="WAITING")),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"
