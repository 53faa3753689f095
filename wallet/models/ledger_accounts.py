"""One row per ledger account, with its running balance."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest, Least
from django.db.models.lookups import GreaterThanOrEqual

from wallet.rules import chart
from wallet_project.kit.privacy import COUNTED, Privacy


class LedgerAccount(models.Model):
    """
    Amounts are credit-positive fen; `version` counts the entries, `sourced` is what is left of the lots.
    Written by the ledger's functions only.

    The id is made by the chart (wallet.rules.chart).
    """

    id = models.BigIntegerField("账户号", primary_key=True)
    book_id = models.SmallIntegerField("账簿", default=chart.BOOK)
    code = models.CharField("科目", max_length=32, choices=list(chart.NAMES.items()))
    slot = models.SmallIntegerField("分槽", default=0)
    wallet = models.ForeignKey(
        "wallet.Wallet",
        models.PROTECT,
        null=True,
        related_name="accounts",
        verbose_name="钱包",
        db_index=False,
    )
    balance = models.BigIntegerField("余额", default=0)
    held = models.BigIntegerField("冻结金额", default=0)
    sourced = models.BigIntegerField("有来源的金额", db_default=0)
    version = models.BigIntegerField("分录数", default=0)
    allow_negative = models.BooleanField("允许为负", default=False)
    frozen = models.BooleanField("停止支出", default=False)
    receives_nothing = models.BooleanField("停止收入", db_default=False)
    closed = models.BooleanField("已关闭", db_default=False)
    last_at = models.DateTimeField("最近记账")

    app_role_may = ("SELECT",)
    privacy = Privacy(
        c2="balance held sourced",
        c1="id book_id code slot wallet version allow_negative frozen receives_nothing closed last_at",
        in_clear={COUNTED: "balance held sourced"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "账户"
        constraints = [
            # In few words, because PostgreSQL reads them anew with every posting.
            models.CheckConstraint(
                condition=Q(GreaterThanOrEqual(Least("held", "sourced"), 0))
                & (Q(allow_negative=True) | Q(balance__gte=Greatest("held", "sourced"))),
                name="ledger_account_is_never_overdrawn",
            ),
            # What it holds is no more than its balance, by the first.
            models.CheckConstraint(
                condition=Q(closed=False) | Q(balance=0), name="a_closed_account_stays_empty"
            ),
            models.UniqueConstraint(
                fields=["wallet", "code"],
                condition=Q(wallet__isnull=False),
                name="wallet_has_each_account_once",
            ),
            models.UniqueConstraint(
                fields=["book_id", "code", "slot"],
                condition=Q(wallet__isnull=True),
                name="platform_has_each_slot_once",
            ),
        ]

    def __str__(self) -> str:
        owner = f" · 钱包 {self.wallet_id}" if self.wallet_id else ""
        return f"{chart.NAMES[self.code]}{owner}"

    @property
    def unsourced(self) -> int:
        """Fen that belong to no lot."""
        return self.balance - self.sourced
