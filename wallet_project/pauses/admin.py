"""Stop a flow; ask to let it go on; what stood still when, and why."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from wallet_project.audit.naming import NamingAdmin, named
from wallet_project.audit.words import name_actions
from wallet_project.kit.admin import ReasonForm, row_act, show_label, staff_id, told
from wallet_project.pauses.models import Flow, Pause
from wallet_project.pauses.services import pause_flow, propose_lift

name_actions("暂停开关", {"pauses.flow.paused": "暂停业务", "pauses.flow.resumed": "恢复业务"})

_CAUSE_COLOURS = {"drift": "danger", "trip": "danger", "staff": "warning"}


class PauseForm(ReasonForm):
    flow = forms.ChoiceField(label="业务", choices=Flow.choices, widget=UnfoldAdminSelectWidget)
    field_order = ("flow", "reason")


@admin.register(Pause)
class PauseAdmin(NamingAdmin):
    mentions = ("raised_by", "lifted_by")
    list_display = (
        "flow",
        "shown_state",
        "shown_cause",
        "reason",
        "since",
        "shown_raised_by",
        "lifted_at",
        "shown_lifted_by",
    )
    list_filter = ("flow", "cause", "since")
    ordering = ("-id",)
    fields = (
        "flow",
        "shown_state",
        "shown_cause",
        "reason",
        "since",
        "shown_raised_by",
        "lifted_at",
        "shown_lifted_by",
        "lifted_reason",
    )
    readonly_fields = ("shown_state", "shown_cause", "shown_raised_by", "shown_lifted_by")
    actions_list = ("pause",)
    actions_detail = ("ask_to_lift",)

    def has_pause_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("pauses.pause_flow")

    def has_lift_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        standing = Pause.objects.filter(pk=object_id or 0, lifted_at=None)
        return request.user.has_perm("pauses.pause_flow") and standing.exists()

    @action(
        description="立即暂停",
        icon="pause_circle",
        permissions=["pause"],
        dialog={
            "title": "暂停一项业务",
            "description": "数秒内全部生效：新的请求不再受理，已经开始的照常办完，微信的通知照常签收。"
            "恢复须由另一位同事审批。原因会记入审计日志。",
            "form_class": PauseForm,
            "form_submit_text": "立即暂停",
        },
    )
    def pause(self, request: HttpRequest, form: PauseForm) -> HttpResponse:
        flow = Flow(form.cleaned_data["flow"])
        with told(request, f"{flow.label}已暂停"):
            pause_flow(flow=flow, reason=form.cleaned_data["reason"])
        return redirect(reverse("admin:pauses_pause_changelist"))

    @row_act(
        "申请恢复",
        permissions=["lift"],
        done="已提交审批",
        title="恢复这项业务",
        explains="须由另一位同事审批；账务告警未恢复相符时，资金业务不能恢复。原因会记入审计日志。",
        submit="提交审批",
    )
    def ask_to_lift(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        propose_lift(pause_id=int(object_id), reason=form.cleaned_data["reason"], maker_id=staff_id(request))

    @admin.display(description="状态", ordering="lifted_at")
    def shown_state(self, pause: Pause) -> Any:
        return show_label("已恢复", "success") if pause.lifted_at else show_label("暂停中", "danger")

    @admin.display(description="起因", ordering="cause")
    def shown_cause(self, pause: Pause) -> Any:
        return show_label(pause.get_cause_display(), _CAUSE_COLOURS.get(pause.cause))

    @admin.display(description="暂停人")
    def shown_raised_by(self, pause: Any) -> str:
        return named(pause.raised_by, pause.people)

    @admin.display(description="恢复人")
    def shown_lifted_by(self, pause: Any) -> str:
        return named(pause.lifted_by, pause.people) or "—"
