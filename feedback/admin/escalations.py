"""Who was told of what is soon broken or was: until one of them says what is done about it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from feedback.models import Escalation
from feedback.rules.sla import Rung
from feedback.selectors.escalations import WAITING, may_answer, told_to
from feedback.services.escalations import take_note
from wallet_project.audit.naming import NamingAdmin, People
from wallet_project.kit.admin import ReasonForm, Waits, link_to, row_act, show_label, staff_id

RUNG_COLOURS = {Rung.AGENT: "info", Rung.LEAD: "warning", Rung.MANAGER: "danger"}


class WaitingFilter(admin.SimpleListFilter):
    title, parameter_name = "进展", "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "待处理"), ("no", "已结束")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Escalation]) -> QuerySet[Escalation]:
        match self.value():
            case "yes":
                return queryset.filter(WAITING)
            case "no":
                return queryset.exclude(WAITING)
        return queryset


@admin.register(Escalation)
class EscalationAdmin(NamingAdmin):
    list_display = (
        "shown_ticket",
        "shown_rung",
        "shown_clock",
        "shown_due",
        "at",
        "shown_told",
        "shown_state",
    )
    list_filter = (WaitingFilter, "rung", "clock__kind")
    waits = Waits(
        words="升级到我的工单",
        permission="feedback.view_escalation",
        which=lambda request: WAITING & told_to(request.user),
    )
    list_select_related = ("clock__ticket",)
    ordering = ("-id",)
    fields = (*list_display, "shown_seen", "seen_at", "remark")
    readonly_fields = fields
    actions_detail = ("answer",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Escalation]:
        return super().get_queryset(request).select_related("clock__ticket")

    def people_of(self, rows: Iterable[Any]) -> People:
        return User.objects.in_bulk({each for row in rows for each in (row.told_id, row.seen_by) if each})

    def has_answer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        row = Escalation.objects.filter(WAITING, pk=object_id or 0).first()
        return row is not None and may_answer(row, request.user)

    @row_act(
        "已处理",
        permissions=["view", "answer"],
        done="已记录",
        title="说明如何处理",
        explains="例如：已改派、已亲自回复、已联系财务。会记入审计日志。",
        submit="保存",
    )
    def answer(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        take_note(escalation_id=int(object_id), by_id=staff_id(request), remark=form.cleaned_data["reason"])

    @admin.display(description="工单")
    def shown_ticket(self, row: Escalation) -> Any:
        return link_to(row.clock.ticket)

    @admin.display(description="升级至", ordering="rung")
    def shown_rung(self, row: Escalation) -> Any:
        return show_label(row.get_rung_display(), RUNG_COLOURS[Rung(row.rung)])

    @admin.display(description="时限")
    def shown_clock(self, row: Escalation) -> str:
        return row.clock.get_kind_display()

    @admin.display(description="到期时间")
    def shown_due(self, row: Escalation) -> Any:
        return row.clock.due_at

    @admin.display(description="受理人")
    def shown_told(self, row: Any) -> str:
        return str(row.people.get(row.told_id, "—"))

    @admin.display(description="处理人")
    def shown_seen(self, row: Any) -> str:
        return str(row.people.get(row.seen_by, "—"))

    @admin.display(description="进展")
    def shown_state(self, row: Escalation) -> Any:
        if row.seen_at:
            return show_label("已处理", "success")
        return show_label("待处理", "danger") if row.clock.is_running else show_label("工单已办结")
