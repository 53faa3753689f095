"""One bill, paid once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.rules.bills import UNDECIDED, BillState, failure_in_words
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.money import Fen
from wallet_project.kit.privacy import COUNTED, Privacy


class BillPayment(Timestamped):
    """
    `number` is ours and the platform's, and never changes. `amount` fen go to the biller, `fee` fen are ours;
    both come out of `hold`. `journal` took them, `return_journal` gave them back. Its moves are drawn in
    payments/rules/bills.py.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    class State(models.TextChoices):
        CREATED = BillState.CREATED, _("处理中")
        UNSURE = BillState.UNSURE, _("结果确认中")
        SENT = BillState.SENT, _("缴费中")
        SUCCEEDED = BillState.SUCCEEDED, _("缴费成功")
        FAILED = BillState.FAILED, _("缴费失败，款项已退回余额")
        REVERSED = BillState.REVERSED, _("收费单位已退回")

    number = models.CharField("缴费单号", max_length=32, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="用户")
    payee = models.ForeignKey(
        "payments.BillPayee", on_delete=models.PROTECT, related_name="payments", verbose_name="缴费账户"
    )
    amount = models.BigIntegerField("缴费金额")
    fee = models.BigIntegerField("手续费")
    quote = models.ForeignKey("wallet.Quote", on_delete=models.PROTECT, related_name="+", verbose_name="报价")
    hold = models.ForeignKey(
        "wallet.Hold", on_delete=models.PROTECT, related_name="+", verbose_name="资金冻结"
    )
    journal = models.ForeignKey(
        "wallet.Journal",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="缴费凭证",
        db_index=False,
    )
    return_journal = models.ForeignKey(
        "wallet.Journal",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="退回凭证",
        db_index=False,
    )
    state = models.CharField("状态", max_length=12, choices=State, default=State.CREATED)
    payment_id = models.CharField("平台单号", max_length=64, null=True, blank=True, unique=True)
    reason = models.CharField("失败或退回原因", max_length=32, blank=True)
    learned_via = models.CharField("得知途径", max_length=16, blank=True)
    confirmed_at = models.DateTimeField("确认时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    queries = models.PositiveSmallIntegerField("查询次数", default=0)
    next_query_at = models.DateTimeField("下次查询", null=True, blank=True)
    last_error = models.CharField("最近错误", max_length=200, blank=True)

    privacy = Privacy(
        c2="amount fee",
        c1="number user payee quote hold journal return_journal state payment_id reason learned_via"
        " confirmed_at finished_at returned_at queries next_query_at last_error",
        in_clear={COUNTED: "amount fee"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "缴费单"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, fee__gte=0), name="a_bill_has_an_amount"),
            models.CheckConstraint(
                condition=Q(state__in=["SUCCEEDED", "REVERSED"], journal__isnull=False)
                | Q(state__in=["CREATED", "UNSURE", "SENT", "FAILED"], journal=None),
                name="a_bill_is_booked_when_it_is_paid",
            ),
            models.CheckConstraint(
                condition=Q(state="REVERSED", return_journal__isnull=False, returned_at__isnull=False)
                | Q(return_journal=None, returned_at=None) & ~Q(state="REVERSED"),
                name="a_bill_that_came_back_is_booked_back",
            ),
            models.UniqueConstraint(fields=["hold"], name="a_hold_pays_one_bill"),
            models.UniqueConstraint(fields=["quote"], name="a_quote_is_for_one_bill"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="bill_of_user"),
            models.Index(
                fields=["next_query_at"], name="bill_to_query", condition=Q(next_query_at__isnull=False)
            ),
            models.Index(
                fields=["payee"], name="bill_under_way", condition=Q(state__in=["CREATED", "UNSURE", "SENT"])
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Fen:
        """What leaves the wallet."""
        return Fen(self.amount + self.fee)

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED

    @property
    def failure(self) -> str:
        """Why it failed, for the customer; empty otherwise."""
        return failure_in_words(self.reason) if self.state == BillState.FAILED else ""
