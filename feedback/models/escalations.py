"""Who was told that a promise is about to be, or was, broken."""

from django.db import models
from django.db.models import Q

from feedback.models.sla import SlaClock
from feedback.rules.sla import Rung
from wallet_project.kit.privacy import Privacy


class Escalation(models.Model):
    """
    One rung of one clock's ladder, climbed once. The agent's goes to `told_id`, who had the ticket by then; a
    lead's and a manager's to all of them, until one has taken note (`seen_by`).
    """

    clock = models.ForeignKey(SlaClock, models.CASCADE, related_name="escalations", verbose_name="时限")
    rung = models.PositiveSmallIntegerField("升级至", choices=Rung)
    told_id = models.BigIntegerField("受理人", null=True)
    at = models.DateTimeField("升级时间")
    seen_by = models.BigIntegerField("处理人", null=True)
    seen_at = models.DateTimeField("处理时间", null=True)
    remark = models.CharField("处理说明", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="clock rung told_id at seen_by seen_at remark")

    class Meta:
        verbose_name = verbose_name_plural = "超时升级"
        permissions = [
            ("lead_escalation", "处理升级至主管的工单"),
            ("manage_escalation", "处理升级至经理的工单"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["clock", "rung"], name="a_rung_is_climbed_once"),
            models.CheckConstraint(
                condition=Q(seen_by=None, seen_at=None) | Q(seen_by__isnull=False, seen_at__isnull=False),
                name="who_took_note_did_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="escalations_unseen", condition=Q(seen_at=None))]

    def __str__(self) -> str:
        return f"{self.clock} → {self.get_rung_display()}"
