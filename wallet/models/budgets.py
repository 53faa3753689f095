"""What a customer means to spend in a month."""

from django.db import models
from django.db.models import Q

from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy


class Budget(models.Model):
    """Fen per month, for one category or, without one, for everything; the same every month until changed."""

    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="+", verbose_name="钱包", db_index=False
    )
    category = models.ForeignKey(
        "wallet.Category", models.PROTECT, null=True, related_name="+", verbose_name="分类"
    )
    amount = models.BigIntegerField("每月预算")
    set_at = models.DateTimeField("设置时间")

    privacy = Privacy(c2="amount", c1="wallet category set_at", in_clear={COUNTED: "amount"})

    class Meta:
        verbose_name = verbose_name_plural = "预算"
        constraints = [
            models.UniqueConstraint(
                fields=["wallet", "category"],
                nulls_distinct=False,
                name="a_wallet_has_one_budget_per_category",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_budget_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.category_id or '全部'} {self.amount}"


class BudgetNotice(AppendOnly):
    """
    That the customer was told: `level` percent of a budget of this amount are spent in this month.

    It stands for itself, so that a budget which is dropped and set again tells nothing twice; with another
    amount it is another budget.
    """

    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="+", verbose_name="钱包", db_index=False
    )
    category = models.ForeignKey(
        "wallet.Category", models.PROTECT, null=True, related_name="+", verbose_name="分类"
    )
    month = models.CharField("月份", max_length=7)
    amount = models.BigIntegerField("每月预算")
    level = models.PositiveSmallIntegerField("达到（%）")
    told_at = models.DateTimeField("提醒时间")

    privacy = Privacy(
        c2="amount level", c1="wallet category month told_at", in_clear={COUNTED: "amount level"}
    )

    class Meta:
        verbose_name = verbose_name_plural = "预算提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["wallet", "category", "month", "amount", "level"],
                nulls_distinct=False,
                name="a_budget_is_told_of_once_per_month_and_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.category_id or '全部'} {self.level}%"
