"""Money on its way back to where it came from."""

from django.db import models
from django.db.models import Q

from payments.rules.refund_states import RefundState
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class Refund(Timestamped):
    """
    One refund at WeChat under one number, which never changes however often it is asked for.

    It ends a `case` that holds money, gives WeChat's `part` of an order's refund back, or pays a part of a
    top-up's `payment` back to a customer: for a `withdrawal`, because they leave, or because they took the
    top-up back.

    Its moves are drawn in payments/rules/refund_states.py; `finished_at` is when WeChat's last word came.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        REQUESTED = RefundState.REQUESTED, "已申请"
        PROCESSING = RefundState.PROCESSING, "退款中"
        SUCCESS = RefundState.SUCCESS, "已退款"
        CLOSED = RefundState.CLOSED, "退款关闭"
        ABNORMAL = RefundState.ABNORMAL, "退款异常"

    number = models.CharField("退款单号", max_length=32, unique=True)
    case = models.ForeignKey(
        "payments.ExceptionCase",
        on_delete=models.PROTECT,
        related_name="refunds",
        null=True,
        blank=True,
        verbose_name="支付异常",
    )
    payment = models.ForeignKey(
        "payments.Payment",
        on_delete=models.PROTECT,
        related_name="payouts",
        null=True,
        blank=True,
        verbose_name="退回的充值",
    )
    part = models.ForeignKey(
        "payments.OrderRefundPart",
        on_delete=models.PROTECT,
        related_name="attempts",
        null=True,
        blank=True,
        verbose_name="订单退款",
    )
    withdrawal = models.ForeignKey(
        "wallet.Withdrawal",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="提现单",
    )
    transaction_id = models.CharField("微信支付单号", max_length=32)
    amount = models.BigIntegerField("退款金额")
    total = models.BigIntegerField("原支付金额")
    reason = models.CharField("原因", max_length=80)
    state = models.CharField("状态", max_length=12, choices=State, default=State.REQUESTED)
    refund_id = models.CharField("微信退款单号", max_length=64, null=True, blank=True, unique=True)
    queries = models.PositiveSmallIntegerField("查询次数", default=0)
    next_query_at = models.DateTimeField("下次查询", null=True, blank=True)
    asked_at = models.DateTimeField("最近请求退款", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    last_error = models.CharField("最近错误", max_length=200, blank=True)

    privacy = Privacy(
        c2="amount total",
        c1="number case payment part withdrawal transaction_id reason state refund_id queries next_query_at"
        " asked_at finished_at last_error",
        in_clear={COUNTED: "amount total"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "退款"
        permissions = [
            ("propose_top_up_refund", "申请充值退款（商家原因）"),
            ("approve_top_up_refund", "批准充值退款（商家原因）"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=models.F("total")), name="a_refund_is_part_of_a_payment"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, payment__isnull=True, part__isnull=True)
                | Q(case__isnull=True, payment__isnull=False, part__isnull=True)
                | Q(case__isnull=True, payment__isnull=True, part__isnull=False),
                name="a_refund_has_one_purpose",
            ),
            models.UniqueConstraint(
                fields=["part"],
                condition=~Q(state="CLOSED"),
                name="a_part_has_one_refund_that_may_happen",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(state="CLOSED"),
                name="a_case_has_one_refund_that_may_happen",
            ),
        ]
        indexes = [
            models.Index(fields=["transaction_id"], name="refund_by_transaction"),
            models.Index(
                fields=["created_at"],
                name="own_money_taken_back",
                condition=Q(payment__isnull=False, withdrawal=None),
            ),
            models.Index(
                fields=["next_query_at"],
                name="refund_to_query",
                condition=Q(state__in=["REQUESTED", "PROCESSING", "ABNORMAL"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number
