"""A customer's own money on its way out."""

from django.db import models
from django.db.models import F, Q

from wallet.rules.withdrawals import UNDER_WAY, WithdrawalState, WithdrawalWay
from wallet_project.kit.privacy import COUNTED, Privacy


class Withdrawal(models.Model):
    """
    `amount` fen for the customer and at most `fee` for us; its moves are drawn in rules/withdrawals.py.

    While it is under way the hold keeps what has not left the wallet: in review all of it, then the fee.
    `paid` is what arrived in the end, `fee_paid` what we kept of the fee.
    """

    number = models.CharField("提现单号", max_length=32, unique=True)
    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="withdrawals", verbose_name="钱包"
    )
    amount = models.BigIntegerField("提现金额")
    fee = models.BigIntegerField("手续费")
    way = models.CharField(
        "去向",
        max_length=8,
        choices=WithdrawalWay,
        default=WithdrawalWay.SOURCE,
        db_default=WithdrawalWay.SOURCE,
    )
    quote = models.OneToOneField("wallet.Quote", models.PROTECT, related_name="+", verbose_name="报价")
    state = models.CharField("状态", max_length=12, choices=WithdrawalState)
    hold = models.ForeignKey(
        "wallet.Hold", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="资金冻结"
    )
    paid = models.BigIntegerField("已到账", default=0)
    fee_paid = models.BigIntegerField("已收手续费", default=0)
    reason = models.CharField("说明", max_length=200, blank=True)
    reviewer_id = models.BigIntegerField("审核人", null=True, blank=True)
    requested_at = models.DateTimeField("申请时间")
    sent_at = models.DateTimeField("转出时间", null=True, blank=True)
    ended_at = models.DateTimeField("完成时间", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount fee paid fee_paid",
        c1="number wallet way quote state hold reason reviewer_id requested_at sent_at ended_at",
        in_clear={COUNTED: "amount fee paid fee_paid"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "提现单"
        permissions = [("review_withdrawal", "审核大额提现")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, fee__gte=0), name="a_withdrawal_is_of_something"
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0, paid__lte=F("amount"), fee_paid__gte=0, fee_paid__lte=F("fee")),
                name="a_withdrawal_pays_no_more_than_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at=None)
                | (~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False)),
                name="an_ended_withdrawal_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["wallet", "-id"], name="withdrawal_newest_first"),
            models.Index(fields=["sent_at"], name="withdrawal_by_sending"),
            models.Index(fields=["requested_at"], name="withdrawal_by_asking"),
            models.Index(fields=["id"], name="withdrawal_under_way", condition=Q(state__in=UNDER_WAY)),
        ]

    def __str__(self) -> str:
        return self.number
