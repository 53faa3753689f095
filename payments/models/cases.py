"""Money or messages that do not fit: kept, explained, owned until resolved."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from payments.rules.cases import CaseKind
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class ExceptionCase(Timestamped):
    """
    OPEN → REFUNDING → RESOLVED; OPEN → RESOLVED; and OPEN again where a refund did not happen.

    `amount` is the fen that WeChat holds because of it; `journal_id` is where the ledger put it (suspense).
    `rule` is what was applied when it was opened. Its clock runs while it is OPEN: `warn_at` is empty once
    the warning was given, `overdue_at` says when the alarm was. `decided_by` is who decided how it ends;
    empty where the rule did, or the outcome that was waited for came.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class Kind(models.TextChoices):
        LATE_PAYMENT = CaseKind.LATE_PAYMENT, "关单后到账"
        DOUBLE_PAYMENT = CaseKind.DOUBLE_PAYMENT, "重复支付"
        AMOUNT_MISMATCH = CaseKind.AMOUNT_MISMATCH, "金额不符"
        CURRENCY_MISMATCH = CaseKind.CURRENCY_MISMATCH, "币种不符"
        PAYER_MISMATCH = CaseKind.PAYER_MISMATCH, "付款人不符"
        MERCHANT_MISMATCH = CaseKind.MERCHANT_MISMATCH, "商户号或 AppID 不符"
        REFUNDED_ELSEWHERE = CaseKind.REFUNDED_ELSEWHERE, "到账前已在微信侧退款"
        UNKNOWN_ORDER = CaseKind.UNKNOWN_ORDER, "未知订单"
        UNREADABLE_NOTICE = CaseKind.UNREADABLE_NOTICE, "通知内容无法识别"
        UNKNOWN_REFUND = CaseKind.UNKNOWN_REFUND, "未知退款"
        REFUND_MISMATCH = CaseKind.REFUND_MISMATCH, "退款内容不符"
        REFUND_ABNORMAL = CaseKind.REFUND_ABNORMAL, "退款异常"
        REFUND_REFUSED = CaseKind.REFUND_REFUSED, "微信未退成的订单退款"
        REFUND_UNDECIDED = CaseKind.REFUND_UNDECIDED, "退款久无结果"
        REFUND_UNCLAIMED = CaseKind.REFUND_UNCLAIMED, "余额退款无人可收"
        UNKNOWN_TRANSFER = CaseKind.UNKNOWN_TRANSFER, "未知商家转账"
        TRANSFER_MISMATCH = CaseKind.TRANSFER_MISMATCH, "商家转账内容或结果不符"
        TRANSFER_UNDECIDED = CaseKind.TRANSFER_UNDECIDED, "商家转账久无结果"
        UNKNOWN_BILL = CaseKind.UNKNOWN_BILL, "未知缴费"
        BILL_MISMATCH = CaseKind.BILL_MISMATCH, "缴费内容或结果不符"
        BILL_UNCLAIMED = CaseKind.BILL_UNCLAIMED, "退回的缴费无人可收"
        SHIPPING_REFUSED = CaseKind.SHIPPING_REFUSED, "微信未收下发货信息"
        WECHAT_WARNING = CaseKind.WECHAT_WARNING, "微信平台提醒"

    class State(models.TextChoices):
        OPEN = "OPEN", "待处理"
        REFUNDING = "REFUNDING", "退款中"
        RESOLVED = "RESOLVED", "已解决"

    kind = models.CharField("类型", max_length=24, choices=Kind)
    state = models.CharField("状态", max_length=12, choices=State, default=State.OPEN)
    number = models.CharField("支付或缴费单号", max_length=64, blank=True)
    transaction_id = models.CharField("微信或平台单号", max_length=64, blank=True)
    amount = models.BigIntegerField("金额", default=0)
    payment = models.ForeignKey(
        "payments.Payment",
        on_delete=models.PROTECT,
        related_name="cases",
        null=True,
        blank=True,
        verbose_name="支付单",
    )
    receipt = models.ForeignKey(
        "payments.CallbackReceipt",
        on_delete=models.PROTECT,
        related_name="cases",
        null=True,
        blank=True,
        verbose_name="外部通知",
    )
    evidence = models.JSONField("证据", default=dict)
    journal_id = models.BigIntegerField("入账凭证", null=True, blank=True)
    rule = models.ForeignKey(
        "payments.CaseRule", on_delete=models.PROTECT, related_name="+", null=True, verbose_name="适用规则"
    )
    assignee_id = models.BigIntegerField("处理人", null=True, blank=True)
    due_at = models.DateTimeField("处理时限")
    warn_at = models.DateTimeField("预警时间", null=True, blank=True)
    overdue_at = models.DateTimeField("逾期告警", null=True, blank=True)
    seen_at = models.DateTimeField("首次查看", null=True, blank=True)
    decided_by = models.BigIntegerField("决定人", null=True, blank=True)
    resolution = models.CharField("处理结果", max_length=200, blank=True)
    resolved_at = models.DateTimeField("解决时间", null=True, blank=True)

    privacy = Privacy(
        c2="amount evidence",
        c1="kind state number transaction_id payment receipt journal_id rule assignee_id due_at warn_at"
        " overdue_at seen_at decided_by resolution resolved_at",
        in_clear={COUNTED: "amount", "what a person decides by": "evidence"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "支付异常"
        permissions = [("approve_case_refund", "审批异常款退回")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "transaction_id"],
                condition=~Q(transaction_id=""),
                name="one_case_of_a_kind_per_transaction",
            ),
            models.UniqueConstraint(
                fields=["transaction_id"],
                condition=Q(journal_id__isnull=False),
                name="the_money_of_a_transaction_is_in_one_case",
            ),
            models.CheckConstraint(
                condition=~Q(state="RESOLVED") | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
                name="a_resolved_case_says_when_and_how",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="case_by_state"),
            models.Index(fields=["due_at"], name="case_open_by_due_time", condition=Q(state="OPEN")),
            models.Index(fields=["resolved_at"], name="case_by_end", condition=Q(state="RESOLVED")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.transaction_id or self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def opened_at(self) -> datetime:
        return self.created_at

    @property
    def ended_at(self) -> datetime | None:
        return self.resolved_at
