"""What decides on a category before the customer does."""

from django.db import models
from django.db.models import Q

from wallet.rules.categories import Rule, words_of
from wallet.rules.kinds import RecordKind
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class CategoryRule(Timestamped):
    """
    For everybody. Lower priorities are asked first. A rule works while it is active, and is edited while it
    is not.
    """

    category = models.ForeignKey("wallet.Category", models.PROTECT, related_name="+", verbose_name="分类")
    kind = models.CharField("记录类型", max_length=16, choices=RecordKind, blank=True)
    counterparty = models.CharField(
        "对方", max_length=64, blank=True, help_text="门店填 store:门店编号，商城填 shop:Key ID"
    )
    words = models.CharField(
        "关键词",
        max_length=200,
        blank=True,
        help_text="用空格分开；标题或对方名称里出现任何一个即可，不分大小写",
    )
    priority = models.PositiveSmallIntegerField("优先级", default=50, help_text="数字小的先判断")
    is_active = models.BooleanField("启用", default=False)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(public="category kind counterparty words priority is_active")

    class Meta:
        verbose_name = verbose_name_plural = "分类规则"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="", counterparty="", words=""),
                name="a_category_rule_has_a_condition",
                violation_error_message="记录类型、对方、关键词至少填写一项",
            ),
        ]
        permissions = [("start_categoryrule", "启用或停用分类规则")]

    def __str__(self) -> str:
        conditions = (self.get_kind_display(), self.counterparty, self.words)
        return f"{self.category.name}：{'，'.join(str(condition) for condition in conditions if condition)}"

    def as_rule(self) -> Rule:
        return Rule(
            category=self.category_id,
            kind=self.kind,
            counterparty=self.counterparty,
            words=words_of(self.words),
        )


class TaughtRule(models.Model):
    """For one customer, who said so when they corrected a line: `key` is what it was remembered for."""

    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="+", verbose_name="钱包", db_index=False
    )
    key = models.CharField("对方或标题", max_length=70)
    shown = models.CharField("显示为", max_length=128)
    category = models.ForeignKey("wallet.Category", models.PROTECT, related_name="+", verbose_name="分类")
    taught_at = models.DateTimeField("记住时间")

    privacy = Privacy(
        c2="key shown",
        c1="wallet category taught_at",
        in_clear={"compared with every new line": "key", "shown to its owner": "shown"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "顾客教过的分类"
        constraints = [
            models.UniqueConstraint(fields=["wallet", "key"], name="a_habit_has_one_category"),
        ]

    def __str__(self) -> str:
        return f"{self.shown} → {self.category_id}"
