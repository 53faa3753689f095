"""What must be proven for which operation, and the proofs."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.devices import Device
from accounts.rules.step_up import REFUSE, Factor, Factors, Operation, OperationKind, Risk, read_factors
from wallet_project.kit.money import Fen
from wallet_project.kit.privacy import Privacy

_ONE = "|".join(Factor.values)
_WAY = rf"({_ONE})(\+({_ONE}))*"


class StepUpPolicy(models.Model):
    """
    The factors for an operation up to an amount and a sum of the day, both in fen; the lowest tier counts.

    Where none fits the operation is refused.
    """

    kind = models.CharField("操作", max_length=32, choices=OperationKind)
    risk = models.CharField("风险", max_length=8, choices=Risk)
    amount_up_to = models.BigIntegerField("单笔上限", null=True, blank=True)
    day_up_to = models.BigIntegerField("单日上限", null=True, blank=True)
    factors = models.CharField("验证方式", max_length=64)

    privacy = Privacy(c1="kind risk amount_up_to day_up_to factors")

    class Meta:
        verbose_name = verbose_name_plural = "验证策略"
        permissions = [("approve_step_up_policy", "批准修改验证策略")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "risk", "amount_up_to", "day_up_to"],
                nulls_distinct=False,
                name="an_operation_has_one_policy_per_tier",
            ),
            models.CheckConstraint(
                condition=Q(factors__regex=rf"^({REFUSE}|{_WAY}(\|{_WAY})*)$"),
                name="a_policy_names_known_factors",
            ),
            models.CheckConstraint(
                condition=Q(amount_up_to=None) | Q(amount_up_to__gt=0), name="a_tier_has_an_amount"
            ),
            models.CheckConstraint(condition=Q(day_up_to=None) | Q(day_up_to__gt=0), name="a_tier_has_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_risk_display()}"

    def clean(self) -> None:
        try:
            read_factors(self.factors)
        except ValueError as error:
            raise ValidationError({"factors": _("无法识别的验证方式")}) from error


class ChallengeState(models.TextChoices):
    OPEN = "OPEN", _("待验证")
    PROVEN = "PROVEN", _("已验证")
    SPENT = "SPENT", _("已使用")


class StepUpChallenge(models.Model):
    """
    One operation that waits for proof: OPEN → PROVEN → SPENT, and nothing after `expires_at`.

    The grant that is handed out when enough is proven is kept as a hash; it belongs to this user, this device
    and this operation.
    """

    public_id = models.UUIDField("验证号", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="用户"
    )
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", verbose_name="设备")
    kind = models.CharField("操作", max_length=32, choices=OperationKind)
    amount = models.BigIntegerField("金额", default=0)
    facts = models.JSONField("内容", default=dict)
    fingerprint = models.BinaryField("操作指纹", max_length=32)
    risk = models.CharField("风险", max_length=8, choices=Risk)
    needed = models.CharField("需要验证", max_length=64)
    proven = models.CharField("已验证", max_length=64, blank=True)
    day_up_to = models.BigIntegerField("单日上限", null=True)
    soter_challenge = models.CharField("生物认证挑战", max_length=64)
    state = models.CharField("状态", max_length=8, choices=ChallengeState, default=ChallengeState.OPEN)
    grant_hash = models.BinaryField("授权凭证", max_length=32, null=True)
    created_at = models.DateTimeField("发起时间")
    expires_at = models.DateTimeField("有效期至")
    spent_at = models.DateTimeField("使用时间", null=True)

    privacy = Privacy(
        c3="grant_hash",
        c2="amount facts",
        c1=(
            "public_id user device kind fingerprint risk needed proven day_up_to soter_challenge state"
            " created_at expires_at spent_at"
        ),
        in_clear={
            "what is asked of the customer is shown to them, and gone with the challenge": "amount facts"
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "操作验证"
        constraints = [
            models.UniqueConstraint(fields=["grant_hash"], name="a_grant_belongs_to_one_challenge"),
            models.CheckConstraint(
                condition=Q(state="OPEN", grant_hash=None) | (~Q(state="OPEN") & Q(grant_hash__isnull=False)),
                name="a_proven_challenge_has_a_grant",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="step_up_of_user"),
            models.Index(fields=["created_at"], name="step_up_created_at"),
        ]

    def __str__(self) -> str:
        return self.operation.in_words

    @property
    def proven_factors(self) -> Factors:
        return read_factors(self.proven)[0] if self.proven else frozenset()

    @property
    def operation(self) -> Operation:
        return Operation(kind=self.kind, amount=Fen(self.amount), facts=self.facts)
