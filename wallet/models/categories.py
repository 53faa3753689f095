"""Spending categories, and under which of them each line of a history is filed."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wallet.rules.categories import Nature
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import COUNTED, Privacy


class Category(Timestamped):
    """What is not offered can be neither chosen nor budgeted; lines that are filed under it stay there."""

    code = models.SlugField("编号", max_length=16, primary_key=True)
    name = models.CharField("名称", max_length=16, unique=True)
    name_en = models.CharField("英文名称", max_length=32)
    symbol = models.CharField("图标", max_length=8, help_text="一个表情符号")
    position = models.PositiveSmallIntegerField("顺序", default=50)
    is_offered = models.BooleanField("可供顾客选择", default=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="code name name_en symbol position is_offered")

    class Meta:
        verbose_name = verbose_name_plural = "消费分类"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return f"{self.symbol} {self.name}"

    @property
    def label(self) -> str:
        """Its name in the language of whoever asks."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


class FiledBy(models.TextChoices):
    RULE = "rule", _("按规则")
    HABIT = "habit", _("按您教过的")
    OWNER = "owner", _("您改过")
    ORIGINAL = "original", _("随原支出")


class RecordCategory(models.Model):
    """
    Beside a record, which never changes: its category, which may. What came back is filed where it was spent,
    and goes along (`follows`) when that is filed elsewhere. Wallet, nature, amount and time are the record's
    own, repeated so that questions about many lines read one index.

    No foreign key in the database to the category: every payment would lock one of ten rows, which cannot be
    deleted anyway.
    """

    record = models.OneToOneField(
        "wallet.Record", models.PROTECT, primary_key=True, related_name="filed", verbose_name="账单记录"
    )
    wallet = models.ForeignKey(
        "wallet.Wallet",
        models.PROTECT,
        related_name="+",
        verbose_name="钱包",
        db_index=False,
        db_constraint=False,
    )
    nature = models.CharField("性质", max_length=16, choices=Nature)
    amount = models.BigIntegerField("金额")
    occurred_at = models.DateTimeField("发生时间")
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        related_name="+",
        verbose_name="分类",
        db_index=False,
        db_constraint=False,
    )
    filed_by = models.CharField("分类依据", max_length=16, choices=FiledBy)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="原支出", db_index=False
    )

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount",
        c1="record wallet nature occurred_at category filed_by follows",
        in_clear={COUNTED: "amount"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "账单分类"
        indexes = [
            models.Index(
                fields=["wallet", "occurred_at"],
                include=["nature", "category", "amount"],
                name="filed_by_wallet_and_time",
            ),
            models.Index(fields=["wallet", "category", "-record"], name="filed_by_wallet_and_category"),
            models.Index(fields=["follows"], name="filed_with", condition=Q(follows__isnull=False)),
            BrinIndex(fields=["occurred_at"], name="filed_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.category_id}"


class CategoryTotal(models.Model):
    """
    What the lines of one month, nature, category and counterparty add up to in one wallet.

    Written by the database itself, with every line that is filed (wallet/sql/categories.sql).
    """

    pk = models.CompositePrimaryKey("wallet", "month", "nature", "category", "counterparty")
    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="+", verbose_name="钱包", db_index=False
    )
    month = models.CharField("月份", max_length=7)
    nature = models.CharField("性质", max_length=16, choices=Nature)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        related_name="+",
        verbose_name="分类",
        db_index=False,
        db_constraint=False,
    )
    counterparty = models.CharField("对方", max_length=64)
    counterparty_name = models.CharField("对方名称", max_length=64)
    amount = models.BigIntegerField("金额")
    lines = models.IntegerField("笔数")

    app_role_may = ("SELECT",)
    privacy = Privacy(
        c2="counterparty_name amount lines",
        c1="wallet month nature category counterparty",
        in_clear={COUNTED: "amount lines", "shown as whom the customer paid": "counterparty_name"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "分类月度合计"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=0, lines=0) | Q(amount__gte=0, lines__gt=0),
                name="category_total_is_the_sum_of_its_lines",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.category_id}"
