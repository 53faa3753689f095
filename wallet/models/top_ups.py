"""Money on its way into a wallet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.privacy import COUNTED, Privacy


class TopUpState(models.TextChoices):
    """OPEN → CREDITED when WeChat has collected it, or CLOSED when nobody paid."""

    OPEN = "OPEN", _("待支付")
    CREDITED = "CREDITED", _("已到账")
    CLOSED = "CLOSED", _("已关闭")


class TopUp(models.Model):
    """Fen that WeChat collects for a wallet. With a `package`, its bonus is promised from the beginning."""

    number = models.CharField("充值单号", max_length=32, unique=True)
    wallet = models.ForeignKey("wallet.Wallet", models.PROTECT, related_name="top_ups", verbose_name="钱包")
    amount = models.BigIntegerField("金额")
    package = models.ForeignKey(
        "wallet.TopUpPackage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="充值套餐",
    )
    state = models.CharField("状态", max_length=16, choices=TopUpState, default=TopUpState.OPEN)
    journal = models.OneToOneField(
        "wallet.Journal", models.PROTECT, null=True, related_name="+", verbose_name="凭证"
    )
    created_at = models.DateTimeField("创建时间")
    credited_at = models.DateTimeField("到账时间", null=True)
    closed_reason = models.CharField("关闭原因", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount",
        c1="number wallet package state journal created_at credited_at closed_reason",
        in_clear={COUNTED: "amount"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "充值单"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="top_up_is_of_something"),
            models.CheckConstraint(
                condition=Q(state=TopUpState.CREDITED, journal__isnull=False, credited_at__isnull=False)
                | (~Q(state=TopUpState.CREDITED) & Q(journal__isnull=True, credited_at__isnull=True)),
                name="top_up_is_credited_by_a_journal",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def bonus(self) -> int:
        """What is given on top, in fen."""
        return self.package.bonus if self.package else 0
