"""The customer's own lines: what they see as their history."""

from django.db import models
from django.db.models import F, Q

from wallet.rules.kinds import Direction, RecordKind
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import COUNTED, Privacy


class Record(AppendOnly):
    """
    One line per wallet and journal. `amount` is what the customer sees: the part that moved in the wallet
    (`balance_amount`) and the part that WeChat paid (`channel_amount`). An order paid by WeChat alone is a
    line as well, and one that coupons and points paid in full: `discount_amount` is what they paid beside the
    amount. `fee` is the part of the amount that we kept. `counterparty` is who was on the other side:
    `store:renmin`, `user:<uid>`, `biller:<code>`, or nobody.
    """

    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="records", verbose_name="钱包", db_index=False
    )
    journal = models.ForeignKey(
        "wallet.Journal", models.PROTECT, related_name="records", verbose_name="凭证", db_index=False
    )
    kind = models.CharField("类型", max_length=16, choices=RecordKind)
    direction = models.CharField("方向", max_length=8, choices=Direction)
    amount = models.BigIntegerField("金额")
    balance_amount = models.BigIntegerField("余额部分")
    channel_amount = models.BigIntegerField("微信部分")
    discount_amount = models.BigIntegerField("优惠抵扣", db_default=0)
    balance_after = models.BigIntegerField("之后余额")
    fee = models.BigIntegerField("其中手续费", db_default=0)
    counterparty = models.CharField("对方", max_length=64, blank=True, db_default="")
    counterparty_name = models.CharField("对方名称", max_length=64, blank=True, db_default="")
    title = models.CharField("标题", max_length=128)
    reference = models.CharField("业务单号", max_length=64)
    occurred_at = models.DateTimeField("发生时间")
    month = models.CharField("月份", max_length=7)

    privacy = Privacy(
        c2="amount balance_amount channel_amount discount_amount balance_after fee title counterparty_name",
        c1="wallet journal kind direction counterparty reference occurred_at month",
        in_clear={
            COUNTED: "amount balance_amount channel_amount discount_amount balance_after fee",
            "searched and shown as the customer's history": "title counterparty_name",
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "账单记录"
        constraints = [
            models.UniqueConstraint(fields=["journal", "wallet"], name="a_journal_is_one_record_per_wallet"),
            models.CheckConstraint(
                condition=(Q(amount__gt=0) | Q(discount_amount__gt=0))
                & Q(
                    balance_amount__gte=0,
                    channel_amount__gte=0,
                    discount_amount__gte=0,
                    fee__gte=0,
                    fee__lte=F("amount"),
                    amount=F("balance_amount") + F("channel_amount"),
                ),
                name="record_is_the_sum_of_its_parts",
            ),
        ]
        indexes = [
            models.Index(fields=["wallet", "-id"], name="record_newest_first"),
            models.Index(fields=["wallet", "month", "-id"], name="record_by_month"),
            models.Index(
                fields=["wallet", "counterparty", "-id"],
                name="record_by_counterparty",
                condition=~Q(counterparty=""),
            ),
            models.Index(fields=["wallet", "reference"], name="record_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.reference}"
