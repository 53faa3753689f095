"""Money from one customer to another."""

from django.db import models
from django.db.models import F, Q

from wallet.rules.payees import Party
from wallet.rules.transfers import LONGEST_REMARK, RETURNED, TransferState
from wallet_project.kit.privacy import COUNTED, Privacy


class Transfer(models.Model):
    """
    `amount` fen reach the receiver, `amount + fee` leave the sender. Sent to wait, they are held from the
    sender until `accept_by`; only an accepted transfer has a journal. It may answer one `request`, which no
    other answers. Names are never kept here: whoever has left is nobody.
    """

    number = models.CharField("转账单号", max_length=32, unique=True)
    sender = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="付款人", db_index=False
    )
    receiver = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name="收款人", db_index=False
    )
    amount = models.BigIntegerField("金额")
    fee = models.BigIntegerField("手续费")
    remark = models.CharField("附言", max_length=LONGEST_REMARK, blank=True)
    state = models.CharField("状态", max_length=12, choices=TransferState)
    request = models.OneToOneField(
        "wallet.MoneyRequest",
        models.PROTECT,
        null=True,
        related_name="transfer",
        verbose_name="收款请求",
    )
    quote = models.OneToOneField("wallet.Quote", models.PROTECT, related_name="+", verbose_name="报价")
    hold = models.OneToOneField(
        "wallet.Hold", models.PROTECT, null=True, related_name="+", verbose_name="资金冻结"
    )
    journal = models.OneToOneField(
        "wallet.Journal", models.PROTECT, null=True, related_name="+", verbose_name="凭证"
    )
    created_at = models.DateTimeField("转账时间")
    accept_by = models.DateTimeField("收款期限", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    # As one of the two sees it: which way it went, and who was shown to them when they sent it.
    direction: str
    other: Party | None = None

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount fee remark",
        c1="number sender receiver state request quote hold journal created_at accept_by ended_at",
        in_clear={COUNTED: "amount fee", "shown to both sides, and to support when they quarrel": "remark"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "转账"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, fee__gte=0), name="transfer_is_of_something"),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="nobody_transfers_to_themselves"),
            models.CheckConstraint(
                condition=Q(
                    state=TransferState.WAITING,
                    hold__isnull=False,
                    accept_by__isnull=False,
                    journal=None,
                    ended_at=None,
                )
                | Q(state=TransferState.ACCEPTED, journal__isnull=False, ended_at__isnull=False)
                | Q(state__in=RETURNED, hold__isnull=False, journal=None, ended_at__isnull=False),
                name="transfer_waits_with_a_hold_and_arrives_by_a_journal",
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "-id"], name="transfer_sent_newest_first"),
            models.Index(fields=["receiver", "-id"], name="transfer_got_newest_first"),
            models.Index(
                fields=["accept_by"], name="transfer_waiting", condition=Q(state=TransferState.WAITING)
            ),
        ]

    def __str__(self) -> str:
        return self.number
