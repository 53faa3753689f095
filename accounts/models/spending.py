"""What was spent today, and how much of it without a PIN."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.rules.step_up import OperationKind
from wallet_project.kit.privacy import Privacy


class DailySpending(models.Model):
    """Fen per customer, kind of operation and Shanghai day; counted where the money is moved."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="用户"
    )
    kind = models.CharField("操作", max_length=32, choices=OperationKind)
    day = models.DateField("日期")
    total = models.BigIntegerField("合计", default=0)
    without_pin = models.BigIntegerField("其中免密", default=0)

    privacy = Privacy(
        c2="total without_pin",
        c1="user kind day",
        in_clear={"the database compares it with the day's limit": "total without_pin"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "每日支出"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "day"], name="a_day_is_counted_once"),
            models.CheckConstraint(
                condition=Q(without_pin__gte=0, without_pin__lte=F("total")),
                name="spending_without_pin_is_part_of_the_total",
            ),
        ]
        indexes = [models.Index(fields=["day"], name="daily_spending_day")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.day}"


class SmallPayments(models.Model):
    """A customer's own wish to pay small amounts without a PIN, within these caps in fen."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="small_payments",
        verbose_name="用户",
    )
    is_on = models.BooleanField("开启")
    per_payment = models.BigIntegerField("单笔上限")
    per_day = models.BigIntegerField("单日上限")
    changed_at = models.DateTimeField("变更时间")

    privacy = Privacy(c1="user is_on per_payment per_day changed_at")

    class Meta:
        verbose_name = verbose_name_plural = "小额免密"
        constraints = [
            models.CheckConstraint(
                condition=Q(per_payment__gt=0, per_day__gte=F("per_payment")),
                name="small_payments_have_sensible_caps",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)
