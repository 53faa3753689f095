"""Offers: top up so much and get so much on top."""

from django.db import models
from django.db.models import F, Q

from wallet_project.kit.privacy import Privacy


class PackageState(models.TextChoices):
    """DRAFT → ON_SALE when a second person agrees → RETIRED. What was on sale is never changed."""

    DRAFT = "DRAFT", "草稿"
    ON_SALE = "ON_SALE", "在售"
    RETIRED = "RETIRED", "已下架"


class TopUpPackage(models.Model):
    """
    Fen paid in and fen given on top, for `bonus_days` days or for good.

    `per_person` is how often one person may take it; what somebody is just paying counts.
    """

    name = models.CharField("名称", max_length=32)
    amount = models.BigIntegerField("充值金额")
    bonus = models.BigIntegerField("赠送金额")
    bonus_days = models.PositiveSmallIntegerField("赠金有效天数", null=True, blank=True)
    per_person = models.PositiveSmallIntegerField("每人限购次数", null=True, blank=True)
    sold_from = models.DateTimeField("开售时间")
    sold_until = models.DateTimeField("停售时间", null=True, blank=True)
    state = models.CharField("状态", max_length=8, choices=PackageState, default=PackageState.DRAFT)
    created_at = models.DateTimeField("创建时间", auto_now_add=True, editable=False)

    privacy = Privacy(
        public="name amount bonus bonus_days per_person sold_from sold_until state created_at",
    )

    class Meta:
        verbose_name = verbose_name_plural = "充值套餐"
        permissions = [("approve_top_up_package", "批准充值套餐上架")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, bonus__gt=0), name="a_package_gives_something"),
            models.CheckConstraint(
                condition=Q(bonus__lte=F("amount")), name="a_package_gives_no_more_than_it_takes"
            ),
            models.CheckConstraint(
                condition=Q(bonus_days__isnull=True) | Q(bonus_days__gt=0),
                name="a_bonus_lasts_a_day_at_least",
            ),
            models.CheckConstraint(
                condition=Q(per_person__isnull=True) | Q(per_person__gt=0), name="a_package_may_be_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(sold_until__isnull=True) | Q(sold_until__gt=F("sold_from")),
                name="a_package_is_on_sale_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.name
