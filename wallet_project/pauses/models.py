"""What stands still: since when, why, and who let it go on again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.privacy import Privacy


class Flow(models.TextChoices):
    """What can be stopped by itself. MONEY stops all that moves money, READ_ONLY all that clients write."""

    MONEY = "money", _("全部资金业务")
    TOP_UP = "topup", _("充值")
    PAY = "pay", _("付款")
    TRANSFER = "transfer", _("转账与红包")
    REFUND = "refund", _("退款")
    WITHDRAW = "withdraw", _("提现")
    CALLBACKS = "callback_apply", _("回调入账")
    COUPONS = "coupons", _("优惠券、积分与活动")
    SMS = "sms", _("短信")
    REGISTER = "register", _("新用户注册")
    READ_ONLY = "read_only", _("只读")


# Which other pauses stop a flow, too.
IMPLIED_BY = {
    **dict.fromkeys(
        (Flow.TOP_UP, Flow.PAY, Flow.TRANSFER, Flow.REFUND, Flow.WITHDRAW, Flow.COUPONS),
        (Flow.MONEY, Flow.READ_ONLY),
    ),
    Flow.MONEY: (Flow.READ_ONLY,),
}


class PauseCause(models.TextChoices):
    DRIFT = "drift", _("账务不符")
    STAFF = "staff", _("人工暂停")
    TRIP = "trip", _("自动熔断")


class Pause(models.Model):
    """
    Nothing of its flow begins while a pause is open. Lifting fills in the last three columns; rows stay.

    `raised_by` and `lifted_by` are actors as in the audit trail: `staff:12`, or `system` for a check. Who
    proposed the lifting stands in the proposal.
    """

    flow = models.CharField("业务", max_length=16, choices=Flow)
    cause = models.CharField("起因", max_length=8, choices=PauseCause)
    reason = models.CharField("原因", max_length=200)
    since = models.DateTimeField("暂停时间")
    raised_by = models.CharField("暂停人", max_length=64)
    lifted_at = models.DateTimeField("恢复时间", null=True)
    lifted_by = models.CharField("恢复人", max_length=64, blank=True)
    lifted_reason = models.CharField("恢复原因", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="flow cause reason since raised_by lifted_at lifted_by lifted_reason")

    class Meta:
        verbose_name = verbose_name_plural = "业务暂停"
        permissions = [("pause_flow", "暂停业务"), ("approve_lift_pause", "审批恢复业务")]
        constraints = [
            models.UniqueConstraint(
                fields=["flow"], condition=Q(lifted_at=None), name="a_flow_is_paused_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by="", lifted_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_by="") & ~Q(lifted_reason="")),
                name="a_lifted_pause_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_flow_display()}暂停"
