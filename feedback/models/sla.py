"""What was promised about time, and how each ticket stands by it."""

from django.db import models
from django.db.models import F, Q

from feedback.models.calendars import BusinessCalendar
from feedback.models.tickets import Ticket
from feedback.rules.sla import MOST_MINUTES, MOST_PERCENT, REPLIES, ClockKind, Rung, SlaTerms
from feedback.rules.tickets import Priority, TicketKind, TicketState
from wallet_project.kit.models.base import AppendOnly
from wallet_project.kit.privacy import Privacy

_MINUTES = (1, MOST_MINUTES)
_ONCE = sorted(set(ClockKind) - {ClockKind.NEXT_REPLY})
RUNNING = Q(met_at=None, stopped_at=None)


class SlaPolicy(AppendOnly):
    """
    One version of what is promised to tickets of a kind, a priority and a tier; what is empty means any. See
    SlaTerms. In force is the newest version whose time has come; it is never changed, another supersedes it.
    """

    kind = models.CharField("类型", max_length=12, choices=TicketKind, blank=True, default="")
    priority = models.PositiveSmallIntegerField("优先级", choices=Priority, null=True, blank=True)
    tier = models.CharField("会员等级", max_length=32, blank=True, default="")
    calendar = models.ForeignKey(
        BusinessCalendar, models.PROTECT, related_name="+", verbose_name="日历", db_index=False
    )
    first_reply = models.PositiveIntegerField("首次回复（分钟）")
    next_reply = models.PositiveIntegerField("后续回复（分钟）")
    solve = models.PositiveIntegerField("解决（分钟）")
    warn_percent = models.PositiveSmallIntegerField("提醒受理人（%）", default=75)
    manager_percent = models.PositiveSmallIntegerField("升级至经理（%）", default=150)
    pauses = models.BooleanField("等待顾客时暂停解决时限", default=True)
    in_use = models.BooleanField("适用", default=True)
    effective_from = models.DateTimeField("生效时间")
    proposed_by = models.BigIntegerField("申请人", null=True, blank=True)
    approved_by = models.BigIntegerField("审批人", null=True, blank=True)

    privacy = Privacy(
        c1="kind priority tier calendar first_reply next_reply solve warn_percent manager_percent pauses"
        " in_use effective_from proposed_by approved_by"
    )

    class Meta:
        verbose_name = verbose_name_plural = "时限政策"
        permissions = [("approve_slapolicy", "审批时限政策")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_reply__range=_MINUTES, next_reply__range=_MINUTES, solve__range=_MINUTES),
                name="a_promise_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    warn_percent__range=(1, 99),
                    manager_percent__gt=100,
                    manager_percent__lte=MOST_PERCENT,
                ),
                name="an_agent_is_told_first_and_a_manager_last",
            ),
            models.CheckConstraint(
                condition=Q(in_use=True) | ~Q(kind="", priority=None, tier=""),
                name="the_general_policy_stays_in_use",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")), name="nobody_sets_an_sla_policy_alone"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "priority", "tier", "-effective_from", "-id"], name="sla_policy_in_force"
            )
        ]

    def __str__(self) -> str:
        said = (self.get_kind_display(), self.get_priority_display() or "", self.tier)
        return " · ".join(str(each) for each in said if each) or "其余工单"

    @property
    def terms(self) -> SlaTerms:
        return SlaTerms(
            calendar=self.calendar.code,
            first_reply=self.first_reply,
            next_reply=self.next_reply,
            solve=self.solve,
            warn_percent=self.warn_percent,
            manager_percent=self.manager_percent,
            pauses=self.pauses,
            in_use=self.in_use,
        )


class SlaClock(models.Model):
    """
    One promise to one ticket. It runs until it is met (`met_at`) or nobody needs it any more (`stopped_at`:
    merged, or ended without the word it waited for), and stands still in its pauses.

    `due_at` is when it rings if nothing changes, empty while it stands still. `next_rung_at` is when the next
    one after `rung` is told. What was broken stays broken (`breached_at`), whatever is promised later.
    `agent_id` kept it, or had the ticket when it was broken.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks", verbose_name="工单")
    kind = models.CharField("时限", max_length=12, choices=ClockKind)
    policy = models.ForeignKey(
        SlaPolicy, models.PROTECT, related_name="+", verbose_name="政策", db_index=False
    )
    started_at = models.DateTimeField("开始计时")
    due_at = models.DateTimeField("到期时间", null=True)
    rung = models.PositiveSmallIntegerField("已升级至", default=0, choices=[(0, "—"), *Rung.choices])
    next_rung_at = models.DateTimeField("下次升级", null=True)
    warned_at = models.DateTimeField("提醒时间", null=True)
    breached_at = models.DateTimeField("超时时间", null=True)
    met_at = models.DateTimeField("完成时间", null=True)
    stopped_at = models.DateTimeField("停止时间", null=True)
    agent_id = models.BigIntegerField("客服", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(
        c1="ticket kind policy started_at due_at rung next_rung_at warned_at breached_at met_at stopped_at"
        " agent_id"
    )

    class Meta:
        verbose_name = verbose_name_plural = "工单时限"
        permissions = [("view_slareport", "查看时限与报表")]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "kind"], condition=RUNNING, name="a_ticket_has_one_running_clock_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=Q(kind__in=_ONCE),
                name="a_ticket_is_first_answered_and_solved_once",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(stopped_at=None), name="a_clock_is_met_or_stopped"
            ),
            models.CheckConstraint(
                condition=Q(next_rung_at=None) | RUNNING, name="who_is_told_of_a_clock_is_told_while_it_runs"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_rung_at"], name="clocks_to_tell_of", condition=Q(next_rung_at__isnull=False)
            ),
            models.Index(fields=["met_at"], name="clocks_met", condition=Q(met_at__isnull=False)),
            models.Index(
                fields=["breached_at"], name="clocks_breached", condition=Q(breached_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ticket_id}"

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    @property
    def is_reply(self) -> bool:
        return self.kind in REPLIES


class SlaPause(models.Model):
    """
    A while in which its ticket waited for the customer or was over; without an end it still does. Whether its
    clock stands still meanwhile is for the policy to say.
    """

    clock = models.ForeignKey(SlaClock, models.CASCADE, related_name="pauses", verbose_name="时限")
    state = models.CharField("状态", max_length=8, choices=TicketState)
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    app_role_may = ("SELECT", "INSERT", "UPDATE", "DELETE")
    privacy = Privacy(c1="clock state began_at ended_at")

    class Meta:
        verbose_name = verbose_name_plural = "时限暂停"
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ended_at=None), name="a_clock_stands_still_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="a_pause_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.began_at:%Y-%m-%d %H:%M}"
