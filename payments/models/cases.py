"""Money or messages that do not fit: kept, explained, owned until resolved."""

from django.db import models
from django.db.models import Q

from payments.rules.matching import CaseKind
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class ExceptionCase(Timestamped):
    """
    OPEN → REFUNDING → RESOLVED; OPEN → RESOLVED.

    `amount` is the fen that WeChat holds because of it; `journal_id` is where the ledger put it (suspense).
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
    resolution = models.CharField("处理结果", max_length=200, blank=True)
    resolved_at = models.DateTimeField("解决时间", null=True, blank=True)

    privacy = Privacy(
        c2="amount evidence",
        c1="kind state number transaction_id payment receipt journal_id resolution resolved_at",
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
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="case_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.transaction_id or self.number}"
