"""Quote: the fee of one move, promised to one customer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wallet.models.fee_waivers import FeeWaiver
from wallet.models.fees import FeeSchedule
from wallet.rules.kinds import MoveKind
from wallet.rules.quotes import ARRIVALS
from wallet_project.kit.money import Fen
from wallet_project.kit.privacy import COUNTED, Privacy


class QuoteState(models.TextChoices):
    """OPEN → TAKEN by a move → RETURNED when that came to nothing. Too late or asked again: LAPSED."""

    OPEN = "OPEN", _("待确认")
    TAKEN = "TAKEN", _("已使用")
    RETURNED = "RETURNED", _("已退回")
    LAPSED = "LAPSED", _("已失效")


class Quote(models.Model):
    """
    `fee` fen for moving `amount` fen, whatever the schedule says later. What it uses of the free quota of
    `month` is reserved while it is OPEN and spent while it is TAKEN, and so is the `waiver` that spares it a
    fee. `breakdown` are rules.fees lines; `fingerprint` says where the money is to go.
    """

    public_id = models.UUIDField("报价号", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="用户", db_index=False
    )
    kind = models.CharField("业务", max_length=16, choices=MoveKind)
    amount = models.BigIntegerField("金额")
    fee = models.BigIntegerField("手续费")
    breakdown = models.JSONField("计费明细", default=list)
    schedule = models.ForeignKey(FeeSchedule, models.PROTECT, related_name="+", verbose_name="收费标准")
    fingerprint = models.BinaryField("去向指纹", max_length=32)
    month = models.CharField("月份", max_length=7)
    free_amount = models.BigIntegerField("占用免费额度", db_default=0)
    free_moves = models.PositiveSmallIntegerField("占用免费次数", db_default=0)
    waiver = models.ForeignKey(
        FeeWaiver, models.PROTECT, null=True, related_name="+", verbose_name="手续费减免", db_index=False
    )
    state = models.CharField("状态", max_length=8, choices=QuoteState, default=QuoteState.OPEN)
    created_at = models.DateTimeField("报价时间")
    expires_at = models.DateTimeField("有效期至")
    taken_at = models.DateTimeField("使用时间", null=True)

    privacy = Privacy(
        c2="amount fee breakdown free_amount",
        c1="public_id user kind schedule fingerprint month free_moves waiver state created_at expires_at"
        " taken_at",
        in_clear={COUNTED: "amount fee free_amount", "explains the fee, as it was shown": "breakdown"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "报价"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, fee__gte=0, free_amount__gte=0, free_amount__lte=F("amount")),
                name="a_quote_is_for_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["TAKEN", "RETURNED"], taken_at__isnull=False)
                | Q(state__in=["OPEN", "LAPSED"], taken_at=None),
                name="a_taken_quote_says_when",
            ),
            models.UniqueConstraint(
                fields=["waiver"],
                condition=Q(state__in=["OPEN", "TAKEN"]),
                name="a_waiver_spares_one_fee",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "kind", "month"], name="quotes_of_a_month"),
            models.Index(
                fields=["created_at"], name="quotes_nobody_took", condition=Q(state__in=["OPEN", "LAPSED"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def total(self) -> Fen:
        """What leaves the wallet."""
        return Fen(self.amount + self.fee)

    @property
    def arrival(self) -> str:
        """When the other side has the money, in words."""
        return str(ARRIVALS[self.kind])
