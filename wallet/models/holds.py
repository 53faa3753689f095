"""Money promised but not yet moved."""

from django.db import models
from django.db.models import F, Q

from wallet_project.kit.privacy import COUNTED, Privacy


class HoldQuerySet(models.QuerySet["Hold"]):
    def still_open(self) -> "HoldQuerySet":
        return self.filter(amount__gt=F("captured") + F("released"))


class Hold(models.Model):
    """
    A promise out of one wallet, spread over its accounts in the spend order; the events say how.

    Open is what is neither captured nor released. Without `expires_at` it waits until somebody decides.
    """

    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="holds", verbose_name="钱包", db_index=False
    )
    key = models.CharField("唯一键", max_length=96, unique=True)
    reference = models.CharField("业务单号", max_length=64)
    amount = models.BigIntegerField("金额")
    captured = models.BigIntegerField("已扣款", default=0)
    released = models.BigIntegerField("已释放", default=0)
    expires_at = models.DateTimeField("到期时间", null=True)
    placed_at = models.DateTimeField("冻结时间")

    objects = HoldQuerySet.as_manager()

    app_role_may = ("SELECT",)
    privacy = Privacy(
        c2="amount captured released",
        c1="wallet key reference expires_at placed_at",
        in_clear={COUNTED: "amount captured released"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "资金冻结"
        constraints = [
            models.CheckConstraint(
                condition=Q(captured__gte=0, released__gte=0, amount__gte=F("captured") + F("released")),
                name="hold_is_never_used_beyond_its_amount",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="hold_is_of_something"),
        ]
        indexes = [
            models.Index(fields=["wallet", "reference"], name="hold_by_reference"),
            models.Index(
                fields=["expires_at"],
                name="hold_open_by_expiry",
                condition=Q(expires_at__isnull=False, amount__gt=F("captured") + F("released")),
            ),
        ]

    def __str__(self) -> str:
        return f"冻结 {self.reference}"

    @property
    def open(self) -> int:
        return self.amount - self.captured - self.released


class HoldEventKind(models.TextChoices):
    PLACED = "placed", "冻结"
    CAPTURED = "captured", "扣款"
    VOIDED = "voided", "释放"
    EXPIRED = "expired", "到期释放"


class HoldEvent(models.Model):
    """What a hold did to one account's held amount: a positive event holds, a negative one lets go."""

    hold = models.ForeignKey("wallet.Hold", models.PROTECT, related_name="events", verbose_name="资金冻结")
    account = models.ForeignKey("wallet.LedgerAccount", models.PROTECT, related_name="+", verbose_name="账户")
    kind = models.CharField("类型", max_length=16, choices=HoldEventKind)
    amount = models.BigIntegerField("金额")
    journal = models.ForeignKey(
        "wallet.Journal", models.PROTECT, null=True, related_name="+", verbose_name="凭证", db_index=False
    )
    at = models.DateTimeField("时间")

    app_role_may = ("SELECT",)
    privacy = Privacy(c2="amount", c1="hold account kind journal at", in_clear={COUNTED: "amount"})

    class Meta:
        verbose_name = verbose_name_plural = "冻结明细"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
