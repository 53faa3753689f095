"""Emergencies: who leads, what is done, which customers it is about, and how it ended."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from accounts.models import User
from feedback.models import Incident, IncidentItem, IncidentStep, IncidentTicket
from feedback.services.incidents import call_off_incident, do_item, end_incident, lead_incident
from wallet_project.audit.naming import NamingAdmin, People
from wallet_project.kit import clock
from wallet_project.kit.admin import WalletAdmin, link_to, row_act, show_label, show_table, staff_id

_COLOURS = {"OPEN": "danger", "ENDED": "success"}
_TICKETS = 50


class ItemForm(BaseDialogForm):
    """Which of this incident's open items, and what was done."""

    item = forms.ModelChoiceField(
        label="事项", queryset=IncidentItem.objects.none(), empty_label=None, widget=UnfoldAdminSelectWidget
    )
    remark = forms.CharField(
        label="做了什么，或为何不必做", min_length=2, max_length=200, widget=UnfoldAdminTextareaWidget
    )

    def __init__(self, request: HttpRequest, object_id: Any = None, *args: Any, **options: Any) -> None:
        super().__init__(request, object_id, *args, **options)
        open_items = IncidentItem.objects.filter(incident=object_id or 0, done_at=None)
        self.fields["item"].queryset = open_items


class FindingForm(BaseDialogForm):
    finding = forms.CharField(label="结论", min_length=4, max_length=500, widget=UnfoldAdminTextareaWidget)


@admin.register(Incident)
class IncidentAdmin(NamingAdmin):
    list_display = ("title", "shown_state", "kind", "shown_leader", "shown_progress", "opened_at", "ended_at")
    list_filter = ("state", "kind")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("title", "shown_state", "kind", "shown_leader", "opened_at")}),
        ("应急清单", {"fields": ("shown_items",)}),
        ("相关工单", {"fields": ("shown_tickets",)}),
        ("结果", {"fields": ("finding", "ended_at", "shown_ender")}),
    )
    readonly_fields = ("shown_state", "shown_leader", "shown_items", "shown_tickets", "shown_ender")
    actions_detail = ("lead", "finish_item", "end", "call_off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        done = Count("items", filter=Q(items__done_at__isnull=False))
        return super().get_queryset(request).annotate(done=done, all_items=Count("items"))

    def people_of(self, rows: Iterable[Any]) -> People:
        numbers = {each for row in rows for each in (row.leader_id, row.ended_by) if each}
        numbers |= set(
            IncidentItem.objects.filter(incident__in=[row.pk for row in rows], done_by__isnull=False)
            .values_list("done_by", flat=True)
            .distinct()
        )
        return User.objects.in_bulk(numbers)

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        is_open = object_id is None or Incident.objects.filter(pk=object_id, state="OPEN").exists()
        return request.user.has_perm("feedback.change_incident") and is_open

    @row_act("我来负责", permissions=["view", "work"], done="已由您负责", form=None)
    def lead(self, request: HttpRequest, object_id: str) -> None:
        lead_incident(incident_id=int(object_id), leader_id=staff_id(request))

    @row_act(
        "完成一项",
        permissions=["view", "work"],
        done="已记录",
        title="完成一项",
        submit="保存",
        form=ItemForm,
    )
    def finish_item(self, request: HttpRequest, form: ItemForm, object_id: str) -> None:
        item, remark = form.cleaned_data["item"], form.cleaned_data["remark"]
        do_item(item_id=item.pk, by_id=staff_id(request), remark=remark)

    @row_act(
        "结束事件",
        permissions=["view", "work"],
        done="已结束",
        title="结束这个紧急事件",
        explains="所有应急事项完成后才能结束。请写明根因和改进措施。",
        form=FindingForm,
    )
    def end(self, request: HttpRequest, form: FindingForm, object_id: str) -> None:
        end_incident(
            incident_id=int(object_id), by_id=staff_id(request), finding=form.cleaned_data["finding"]
        )

    @row_act(
        "误报",
        permissions=["view", "work"],
        done="已按误报结束",
        title="这不是紧急事件",
        explains="工单的优先级请另行调整。",
        form=FindingForm,
    )
    def call_off(self, request: HttpRequest, form: FindingForm, object_id: str) -> None:
        call_off_incident(
            incident_id=int(object_id), by_id=staff_id(request), finding=form.cleaned_data["finding"]
        )

    @admin.display(description="状态", ordering="state")
    def shown_state(self, incident: Incident) -> Any:
        return show_label(incident.get_state_display(), _COLOURS.get(incident.state))

    @admin.display(description="负责人")
    def shown_leader(self, incident: Any) -> Any:
        if incident.leader_id is None and incident.state == Incident.State.OPEN:
            return show_label("无人负责", "danger")
        return str(incident.people.get(incident.leader_id, "—"))

    @admin.display(description="结束人")
    def shown_ender(self, incident: Any) -> str:
        return str(incident.people.get(incident.ended_by, "—"))

    @admin.display(description="清单")
    def shown_progress(self, incident: Any) -> str:
        return f"{incident.done} / {incident.all_items}"

    @admin.display(description="应急清单")
    def shown_items(self, incident: Any) -> str:
        now = clock.now()
        rows = [
            [
                item.position,
                item.text,
                _due(item, late=item.done_at is None and item.due_at < now),
                clock.in_words(item.done_at) if item.done_at else "—",
                str(incident.people.get(item.done_by, "—")),
                item.remark or "—",
            ]
            for item in incident.items.all()
        ]
        return show_table(["序号", "事项", "应完成时间", "完成时间", "完成人", "说明"], rows) if rows else "—"

    @admin.display(description="相关工单")
    def shown_tickets(self, incident: Incident) -> str:
        about = IncidentTicket.objects.filter(incident=incident).select_related("ticket").order_by("-id")
        rows = [
            [link_to(each.ticket), each.ticket.subject, each.ticket.get_state_display()]
            for each in about[:_TICKETS]
        ]
        return show_table(["工单", "主题", "状态"], rows) if rows else "—"


def _due(item: IncidentItem, *, late: bool) -> Any:
    shown = clock.in_words(item.due_at)
    return show_label(shown, "danger") if late else shown


@admin.register(IncidentStep)
class IncidentStepAdmin(WalletAdmin):
    """What each new incident begins with; those under way keep theirs."""

    list_display = ("position", "text", "within_minutes")
    list_display_links = ("text",)
    ordering = ("position",)
