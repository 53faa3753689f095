"""What a day of somebody's dealings must be reported for, or looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from payments.rules.aml import AmlKind, AmlReason, AmlState
from wallet_project.kit.privacy import COUNTED, Privacy


class AmlFinding(models.Model):
    """One reason for one person and one Shanghai day; `came` and `went` in fen."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="用户", db_index=False
    )
    day = models.DateField("交易日")
    kind = models.CharField("类型", max_length=12, choices=AmlKind)
    reason = models.CharField("特征", max_length=16, choices=AmlReason)
    came = models.BigIntegerField("转入合计")
    went = models.BigIntegerField("转出合计")
    payers = models.PositiveIntegerField("付款人数")
    state = models.CharField("状态", max_length=12, choices=AmlState, default=AmlState.NEW)
    found_at = models.DateTimeField("发现时间")
    decided_at = models.DateTimeField("研判时间", null=True)
    decided_by = models.BigIntegerField("研判人", null=True)
    note = models.CharField("研判意见", max_length=300, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(
        c2="came went payers",
        c1="user day kind reason state found_at decided_at decided_by note",
        in_clear={COUNTED: "came went payers"},
    )

    class Meta:
        verbose_name = verbose_name_plural = "反洗钱线索"
        permissions = [("decide_amlfinding", "研判反洗钱线索")]
        constraints = [
            models.UniqueConstraint(fields=["user", "day", "reason"], name="a_day_has_a_reason_once"),
            models.CheckConstraint(
                condition=Q(state="NEW", decided_at=None)
                | (~Q(state="NEW") & Q(decided_at__isnull=False) & ~Q(note="")),
                name="a_decided_finding_says_why",
            ),
        ]
        indexes = [models.Index(fields=["day"], name="aml_by_day")]

    def __str__(self) -> str:
        return f"{self.day} · {self.get_reason_display()}"
