"""A balance that was put right by hand."""

from django.db import models
from django.db.models import F, Q

from wallet.rules.adjustments import AdjustmentCause, Colour
from wallet_project.kit.privacy import COUNTED, Privacy


class Adjustment(models.Model):
    """
    `amount` fen into one colour of a wallet, or out of it where negative: proposed by one member of staff,
    posted with another's approval. Posted or not, it counts on its maker's day.
    """

    number = models.CharField("调账单号", max_length=32, unique=True)
    wallet = models.ForeignKey(
        "wallet.Wallet", models.PROTECT, related_name="adjustments", verbose_name="钱包"
    )
    colour = models.CharField("科目", max_length=16, choices=Colour)
    amount = models.BigIntegerField("金额")
    cause = models.CharField("原因", max_length=16, choices=AdjustmentCause)
    ticket = models.CharField("工单号", max_length=64)
    note = models.CharField("说明", max_length=200)
    maker_id = models.BigIntegerField("申请人")
    checker_id = models.BigIntegerField("审批人", null=True, blank=True)
    journal = models.OneToOneField(
        "wallet.Journal", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="凭证"
    )
    day = models.DateField("申请日期")
    created_at = models.DateTimeField("申请时间")
    posted_at = models.DateTimeField("入账时间", null=True, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="amount",
        c1="number wallet colour cause ticket note maker_id checker_id journal day created_at posted_at",
        in_clear={COUNTED: "amount"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "调账单"
        permissions = [("propose_adjustment", "申请调账"), ("approve_adjustment", "批准调账")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="an_adjustment_is_of_something"),
            models.CheckConstraint(condition=~Q(ticket=""), name="an_adjustment_names_its_ticket"),
            models.CheckConstraint(
                condition=Q(journal=None, checker_id=None, posted_at=None)
                | (Q(journal__isnull=False, checker_id__isnull=False, posted_at__isnull=False)),
                name="a_posted_adjustment_has_a_journal_and_a_checker",
            ),
            models.CheckConstraint(
                condition=Q(checker_id=None) | ~Q(maker_id=F("checker_id")),
                name="nobody_posts_their_own_adjustment",
            ),
        ]
        indexes = [models.Index(fields=["maker_id", "day"], name="adjustment_by_maker_and_day")]

    def __str__(self) -> str:
        return self.number
