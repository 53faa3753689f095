"""Whose bills a customer pays: their credit cards, and accounts at power stations and the like."""

import uuid

from django.db import models
from django.db.models import Q

from wallet_project.kit.crypto import blind_index, blind_indexes
from wallet_project.kit.fields import BlindIndexField, SealedField, open_column, seal_column
from wallet_project.kit.models.base import Timestamped
from wallet_project.kit.privacy import Privacy

_PURPOSE = "bill_payee"  # what the indexes are made for


class BillPayee(Timestamped):
    """
    One account or bound card of one customer at one biller, remembered until they forget it.

    `reference` is what the platform knows it by: the account number, or the token of the card, whose own
    number is kept nowhere. It is sealed with the customer's personal key. A forgotten card's token waits,
    sealed with the ring, in `parting_sealed` until the platform has released it.
    """

    app_role_may = ("SELECT", "INSERT", "UPDATE")

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="用户")
    biller = models.ForeignKey(
        "payments.Biller", on_delete=models.PROTECT, related_name="payees", verbose_name="缴费机构"
    )
    reference_sealed = models.BinaryField("户号或卡令牌（加密）", null=True, editable=False)
    reference_index = BlindIndexField(
        "户号或卡令牌（盲索引）",
        purpose=_PURPOSE,
        of="reference",
        read_with=("user__personal_key",),
        null=True,
        editable=False,
    )
    parting_sealed = SealedField(
        "待解绑的卡令牌（加密）", null=True, belongs_to="payments.billpayee.parting:{uid}"
    )
    bank = models.CharField("发卡行", max_length=32, blank=True)
    tail = models.CharField("尾号", max_length=4)
    owner = models.CharField("户主或持卡人", max_length=64, blank=True)
    forgotten_at = models.DateTimeField("删除时间", null=True, blank=True)

    privacy = Privacy(
        c3="parting_sealed",
        c2="reference_sealed reference_index bank tail owner",
        c1="uid user biller forgotten_at",
        in_clear={"masked: all that a customer and an operator see of it": "bank tail owner"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "缴费账户与信用卡"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "biller", "reference_index"],
                condition=Q(forgotten_at=None),
                name="a_customer_keeps_a_payee_once",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None, reference_sealed__isnull=False, parting_sealed=None)
                | Q(forgotten_at__isnull=False, reference_sealed=None, reference_index=None),
                name="a_payee_is_known_until_it_is_forgotten",
            ),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="payee_of_user")]

    def __str__(self) -> str:
        return f"{self.bank or self.biller} 尾号 {self.tail}"

    @property
    def reference(self) -> str | None:
        """In clear, for the platform alone. None: forgotten. Costs a query without `user__personal_key`."""
        if self.reference_sealed is None:
            return None
        return self.user.personal_key.open(self.reference_sealed, column=self._column)

    @property
    def parting(self) -> str | None:
        return None if self.parting_sealed is None else open_column(self, "parting_sealed")

    def remember(self, reference: str) -> None:
        self.reference_sealed = self.user.personal_key.seal(reference, column=self._column)
        self.reference_index = blind_index(reference, purpose=_PURPOSE)

    def part_from(self) -> None:
        """Keep the token for as long as the platform has to be told."""
        seal_column(self, "parting_sealed", self.reference or "")

    @property
    def _column(self) -> str:
        return f"payments.billpayee.reference:{self.uid}"


def indexes_of_reference(reference: str) -> list[bytes]:
    """Find what a customer keeps already: `reference_index` is one of these."""
    return blind_indexes(reference, purpose=_PURPOSE)
