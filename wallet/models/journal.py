"""Journals and their entries: written once, by ledger_post, and balanced by the database."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from wallet.rules import chart
from wallet.rules.kinds import JournalKind
from wallet_project.kit.privacy import COUNTED, Privacy


class Journal(models.Model):
    """
    One balanced movement of money.

    `restores` is the journal whose money this one gives back, in part or whole, to the lots it came from.
    `request_hash` is what the key was first used for (half a SHA-256), `xid` the transaction that wrote it:
    the order of the seals.
    """

    at = models.DateTimeField("记账时间")
    xid = models.BigIntegerField("事务号")
    business_date = models.DateField("业务日期")
    book_id = models.SmallIntegerField("账簿", default=chart.BOOK)
    key = models.CharField("唯一键", max_length=96)
    request_hash = models.BinaryField("请求摘要", max_length=16)
    kind = models.CharField("类型", max_length=32, choices=JournalKind)
    reference = models.CharField("业务单号", max_length=64, blank=True)
    facts = models.JSONField("事实")
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="冲正的凭证", db_index=False
    )

    restores = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="返还的凭证",
        db_index=False,
        db_constraint=False,
    )

    app_role_may = ("SELECT",)
    privacy = Privacy(
        c1="at xid business_date book_id key request_hash kind reference facts reverses restores"
    )

    class Meta:
        verbose_name = verbose_name_plural = "凭证"
        constraints = [
            models.UniqueConstraint(fields=["book_id", "key"], name="journal_key_is_used_once"),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=models.Q(reverses__isnull=False),
                name="journal_is_reversed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["xid"], name="journal_by_transaction"),
            models.Index(
                fields=["restores"], name="journal_by_restored", condition=models.Q(restores__isnull=False)
            ),
            # Partial: it costs other postings nothing.
            models.Index(
                fields=["reference"],
                name="journal_settling_reference",
                condition=models.Q(kind=JournalKind.PAYOUT_SETTLED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference or self.key}"


class Entry(models.Model):
    """
    One leg of a journal: what an account gained, and its balance and number of entries after that. `lots` is
    lot, change, lot, change …: what a debit took (negative), or what was given back. Of the rest of the
    amount a lot of its own tells, or it had no source.

    No foreign keys in the database: ledger_post writes an entry only together with its journal and its
    account's row, and neither can ever be deleted. Checking again cost a fifth of the posting speed.
    """

    pk = models.CompositePrimaryKey("account", "version")
    account = models.ForeignKey(
        "wallet.LedgerAccount",
        models.PROTECT,
        related_name="entries",
        verbose_name="账户",
        db_index=False,
        db_constraint=False,
    )
    version = models.BigIntegerField("序号")
    journal = models.ForeignKey(
        "wallet.Journal", models.PROTECT, related_name="entries", verbose_name="凭证", db_constraint=False
    )
    amount = models.BigIntegerField("金额")
    balance_after = models.BigIntegerField("记账后余额")
    lots = ArrayField(models.BigIntegerField(), null=True, verbose_name="批次变动")
    at = models.DateTimeField("记账时间")

    app_role_may = ("SELECT",)
    privacy = Privacy(
        c2="amount balance_after lots",
        c1="account version journal at",
        in_clear={COUNTED: "amount balance_after lots"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "分录"
        indexes = [
            # Entries lie in the order of time, so a few pages say where a day begins; postings hardly notice.
            BrinIndex(fields=["at"], name="entry_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} #{self.version}"
