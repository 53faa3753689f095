"""What the business wants to reach."""

from decimal import Decimal

from django.db import models

from wallet_project.analytics.rules.periods import Period
from wallet_project.analytics.rules.targets import TargetAim, TargetPeriod, period_in_words, period_with
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy


class Target(Timestamped):
    """
    One number in one period. `goal` is in the number's unit: money in fen, a share as 0.97, people on a mean
    day where different people of several days cannot be added.
    """

    code = models.CharField("指标", max_length=48)
    period = models.CharField("周期", max_length=8, choices=TargetPeriod, default=TargetPeriod.MONTH)
    first = models.DateField("开始日期", help_text="填周期内任意一天")
    aim = models.CharField("方向", max_length=8, choices=TargetAim, default=TargetAim.AT_LEAST)
    goal = models.DecimalField("目标值", max_digits=20, decimal_places=4)
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name="负责人",
    )
    note = models.CharField("说明", max_length=200, blank=True)

    privacy = Privacy(c1="owner", public="code period first aim goal note")

    class Meta:
        verbose_name = verbose_name_plural = "经营目标"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "period", "first"], name="a_number_has_one_target_in_a_period"
            ),
        ]
        indexes = [models.Index(fields=["first"], name="target_by_period")]

    def __str__(self) -> str:
        return f"{self.period_in_words}目标"

    @property
    def days(self) -> Period:
        return period_with(TargetPeriod(self.period), self.first)

    @property
    def period_in_words(self) -> str:
        return period_in_words(TargetPeriod(self.period), self.first)

    @property
    def wanted(self) -> Decimal:
        return Decimal(self.goal)
