"""Where the money in a customer's account came from, and how much of each is left."""

from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from wallet_project.kit.privacy import COUNTED, Privacy


class Lot(models.Model):
    """
    Money of one source in one account: a top-up, a gift, named by `source`. What an account has beyond its
    lots (`sourced`) came from elsewhere, from other people say, and nobody asks from whom.

    A debit takes from the lots that end soonest, then what has no source, then from the oldest lots. What an
    entry took from which lot, or gave back to it, stands in the entry.

    Written by ledger_post only, under the lock of the account.
    """

    account = models.ForeignKey(
        "wallet.LedgerAccount",
        models.PROTECT,
        related_name="lots",
        verbose_name="账户",
        db_index=False,
        db_constraint=False,
    )
    journal = models.ForeignKey(
        "wallet.Journal",
        models.PROTECT,
        related_name="+",
        verbose_name="凭证",
        db_index=False,
        db_constraint=False,
    )
    source = models.CharField("来源", max_length=64)
    amount = models.BigIntegerField("金额")
    remaining = models.BigIntegerField("剩余")
    is_used_up = models.GeneratedField(
        expression=ExpressionWrapper(Q(remaining=0), output_field=models.BooleanField()),
        output_field=models.BooleanField("已用完"),
        db_persist=True,
    )
    expires_at = models.DateTimeField("到期时间", null=True)
    at = models.DateTimeField("入账时间")

    app_role_may = ("SELECT",)
    privacy = Privacy(
        c2="amount remaining is_used_up",
        c1="account journal source expires_at at",
        in_clear={COUNTED: "amount remaining is_used_up"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "资金批次"
        constraints = [
            models.CheckConstraint(
                condition=Q(remaining__gte=0, remaining__lte=F("amount")),
                name="a_lot_never_gives_more_than_it_got",
            ),
        ]
        indexes = [
            # Not on `remaining`: its changes must not touch an index, or each would cost a new row in all.
            models.Index(
                fields=["account", "expires_at", "id"],
                name="lot_to_take_from",
                condition=Q(is_used_up=False),
            ),
            models.Index(fields=["source"], name="lot_by_source"),
            models.Index(
                fields=["expires_at"],
                name="lot_by_expiry",
                condition=Q(is_used_up=False, expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.remaining}"
