"""FeeSchedule: what one kind of move costs, from a moment on."""

from django.db import models
from django.db.models import F, Q

from wallet.rules.fees import MOST_RATE, FeeTerms
from wallet.rules.kinds import MoveKind
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy


class FeeSchedule(AppendOnly):
    """
    The fee of one kind of move, for one membership tier or ("") for everybody. Rows are superseded, never
    changed: the one whose `effective_from` came last is in force, of two with the same the one written last.

    Amounts in fen, `rate` in basis points; `free_amount` and `free_moves` are free in each Shanghai month.
    """

    kind = models.CharField("业务", max_length=16, choices=MoveKind)
    tier = models.CharField("会员等级", max_length=32, blank=True, db_default="")
    version = models.PositiveIntegerField("版本")
    flat = models.BigIntegerField("每笔固定", db_default=0)
    rate = models.PositiveIntegerField("费率（万分之一）", db_default=0)
    least = models.BigIntegerField("最低", db_default=0)
    most = models.BigIntegerField("最高", null=True, blank=True)
    free_amount = models.BigIntegerField("每月免费额度", db_default=0)
    free_moves = models.PositiveIntegerField("每月免费次数", db_default=0)
    effective_from = models.DateTimeField("生效时间")
    made_at = models.DateTimeField("公布时间")
    proposed_by = models.BigIntegerField("申请人", null=True, blank=True)
    approved_by = models.BigIntegerField("审批人", null=True, blank=True)

    privacy = Privacy(
        public="kind tier version flat rate least most free_amount free_moves effective_from made_at",
        c1="proposed_by approved_by",
    )

    class Meta:
        verbose_name = verbose_name_plural = "收费标准"
        permissions = [("approve_feeschedule", "审批收费标准")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "tier", "version"], name="a_fee_has_a_version_once"),
            models.CheckConstraint(
                condition=Q(flat__gte=0, least__gte=0, free_amount__gte=0), name="a_fee_is_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(rate__lte=MOST_RATE), name="a_fee_takes_no_more_than_there_is"
            ),
            models.CheckConstraint(
                condition=Q(most=None) | Q(most__gte=F("least")), name="the_highest_fee_is_above_the_lowest"
            ),
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("made_at")), name="a_fee_is_known_before_it_is_charged"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="nobody_sets_a_fee_alone"
            ),
        ]
        indexes = [models.Index(fields=["kind", "tier", "-effective_from", "-id"], name="fee_in_force")]

    def __str__(self) -> str:
        tier = f"（{self.tier}）" if self.tier else ""
        return f"{self.get_kind_display()}{tier} 第 {self.version} 版"

    @property
    def terms(self) -> FeeTerms:
        return FeeTerms.of(
            flat=self.flat,
            rate=self.rate,
            least=self.least,
            most=self.most,
            free_amount=self.free_amount,
            free_moves=self.free_moves,
        )
