"""Money that stands still: since when, why, and who let it move again."""

from django.db import models
from django.db.models import Q

from wallet_project.kit.privacy import Privacy


class PauseScope(models.TextChoices):
    MONEY = "money", "资金业务"


class PauseCause(models.TextChoices):
    DRIFT = "drift", "账务不符"
    STAFF = "staff", "人工暂停"


class Pause(models.Model):
    """
    Nothing of its scope begins while a pause is open. Lifting fills in the last three columns; rows stay.

    `raised_by` and `lifted_by` are actors as in the audit trail: `staff:12`, or `system` for a check of the
    ledger. Who proposed the lifting stands in the proposal.
    """

    scope = models.CharField("范围", max_length=16, choices=PauseScope)
    cause = models.CharField("起因", max_length=8, choices=PauseCause)
    reason = models.CharField("原因", max_length=200)
    since = models.DateTimeField("暂停时间")
    raised_by = models.CharField("暂停人", max_length=64)
    lifted_at = models.DateTimeField("恢复时间", null=True)
    lifted_by = models.CharField("恢复人", max_length=64, blank=True)
    lifted_reason = models.CharField("恢复原因", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="scope cause reason since raised_by lifted_at lifted_by lifted_reason")

    class Meta:
        verbose_name = verbose_name_plural = "资金暂停"
        permissions = [("pause_money", "暂停资金业务"), ("approve_lift_pause", "审批恢复资金业务")]
        constraints = [
            models.UniqueConstraint(
                fields=["scope"], condition=Q(lifted_at=None), name="a_scope_is_paused_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by="", lifted_reason="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_by="") & ~Q(lifted_reason="")),
                name="a_lifted_pause_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}暂停 {self.pk}"
