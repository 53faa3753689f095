"""Emergencies: what must be done at once, by whom it was, and how it ended."""

from django.db import models
from django.db.models import Q

from feedback.models.tickets import Ticket
from feedback.rules.tickets import TicketKind
from wallet_project.kit.privacy import Privacy


class IncidentStep(models.Model):
    """One line of the checklist that each new incident begins with."""

    position = models.PositiveSmallIntegerField("序号", unique=True)
    text = models.CharField("事项", max_length=200)
    within_minutes = models.PositiveSmallIntegerField("应在几分钟内完成")

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(public="position text within_minutes")

    class Meta:
        verbose_name = verbose_name_plural = "应急清单"
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(within_minutes__gte=1),
                name="a_step_has_a_minute",
                violation_error_message="至少 1 分钟",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Incident(models.Model):
    """
    An emergency, from the first ticket about it to its end. Further tickets of its kind join it while it is
    open. `leader_id` answers for it; it ends when every item is done, or at once as a false alarm.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "处置中"
        ENDED = "ENDED", "已结束"
        FALSE_ALARM = "FALSE_ALARM", "误报"

    kind = models.CharField("类型", max_length=12, choices=TicketKind)
    title = models.CharField("事件", max_length=120)
    state = models.CharField("状态", max_length=12, choices=State, default=State.OPEN)
    leader_id = models.BigIntegerField("负责人", null=True)
    opened_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.BigIntegerField("结束人", null=True)
    finding = models.CharField("结论", max_length=500, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="kind title state leader_id opened_at ended_at ended_by finding")

    class Meta:
        verbose_name = verbose_name_plural = "紧急事件"
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state="OPEN"), name="one_open_incident_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at=None)
                | (~Q(state="OPEN") & Q(ended_at__isnull=False) & ~Q(finding="")),
                name="an_incident_ends_with_a_finding",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class IncidentTicket(models.Model):
    """A ticket is about one incident."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+", verbose_name="工单")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="about", verbose_name="紧急事件")

    app_role_may = ("SELECT", "INSERT", "DELETE")
    privacy = Privacy(c1="ticket incident")

    class Meta:
        verbose_name = verbose_name_plural = "紧急事件的工单"

    def __str__(self) -> str:
        return str(self.ticket)


class IncidentItem(models.Model):
    """A step of the checklist, done or found needless: `remark` says what was done, or why it need not be."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="items", verbose_name="紧急事件")
    position = models.PositiveSmallIntegerField("序号")
    text = models.CharField("事项", max_length=200)
    due_at = models.DateTimeField("应完成时间")
    done_at = models.DateTimeField("完成时间", null=True)
    done_by = models.BigIntegerField("完成人", null=True)
    remark = models.CharField("说明", max_length=200, blank=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE")
    privacy = Privacy(c1="incident position text due_at done_at done_by remark")

    class Meta:
        verbose_name = verbose_name_plural = "应急事项"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "position"], name="an_incident_has_each_item_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(remark="")),
                name="what_was_done_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.text
