"""Checklists, and each time that one was gone through: filled in, handed in, signed by somebody else."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from wallet_project.compliance.admin.base import RegisterAdmin
from wallet_project.compliance.errors import ChecklistUnfinished
from wallet_project.compliance.models import Checklist, ChecklistItem, ChecklistRun, RunItem, RunState
from wallet_project.compliance.services.checklists import return_run, sign_run, submit_run
from wallet_project.kit.admin import ReasonForm, row_act, show_label, staff_id

RUN_COLOURS = {"OPEN": "info", "SUBMITTED": "warning", "SIGNED": "success"}


class Items(TabularInline):
    model = ChecklistItem
    fields = ("position", "text", "evidence_hint")
    extra = 0
    hide_title = True


@admin.register(Checklist)
class ChecklistAdmin(RegisterAdmin):
    list_display = ("title", "basis", "cycle_months", "next_on", "owner", "is_active")
    list_filter = ("is_active", "cycle_months")
    list_select_related = ("owner",)
    ordering = ("next_on", "title")
    fields = ("title", "basis", "cycle_months", "days_to_do", "next_on", "owner", "is_active")
    inlines = (Items,)


class RunItems(StackedInline):
    model = RunItem
    fields = ("shown_text", "result", "evidence", "reference")
    readonly_fields = ("shown_text",)
    extra = 0
    can_delete = False
    hide_title = True
    formfield_overrides = {models.TextField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 3})}}

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.has_perm("compliance.change_checklistrun") and _is_open(obj)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.has_perm("compliance.view_checklistrun")

    @admin.display(description="检查内容")
    def shown_text(self, item: RunItem) -> str:
        hint = f"（应留：{item.evidence_hint}）" if item.evidence_hint else ""
        return f"{item.position}. {item.text}{hint}"


@admin.register(ChecklistRun)
class ChecklistRunAdmin(RegisterAdmin):
    """A run begins by itself when its day has come."""

    list_display = ("checklist", "opened_on", "due_on", "shown_state", "owner", "signed_by")
    list_filter = ("state", "checklist")
    list_select_related = ("checklist", "owner", "signed_by")
    ordering = ("-opened_on", "-pk")
    fields = (
        "checklist",
        "shown_state",
        "opened_on",
        "due_on",
        "owner",
        "submitted_by",
        "submitted_at",
        "signed_by",
        "signed_at",
        "remark",
    )
    readonly_fields = (
        "checklist",
        "shown_state",
        "opened_on",
        "submitted_by",
        "submitted_at",
        "signed_by",
        "signed_at",
        "remark",
    )
    inlines = (RunItems,)
    actions_detail = ("submit", "sign", "send_back")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or _is_open(obj))

    def has_submit_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("compliance.change_checklistrun") and _in_state(object_id, RunState.OPEN)

    def has_sign_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("compliance.sign_checklistrun") and _in_state(
            object_id, RunState.SUBMITTED
        )

    @action(
        description="提交签核",
        permissions=["submit"],
        dialog={
            "title": "提交签核",
            "description": "提交后不能再改，除非被退回。请先保存检查结果。",
            "form_submit_text": "提交",
        },
    )
    def submit(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        try:
            submit_run(run_id=int(object_id), by_id=staff_id(request))
        except ChecklistUnfinished as error:
            lacking = "、".join(str(position) for position in error.detail["items"])
            messages.error(request, f"{error.message}：第 {lacking} 项")
        else:
            messages.success(request, "已提交，等待另一位同事签核")
        return self.back_to(object_id)

    @row_act(
        "签核",
        permissions=["sign"],
        done="已签核",
        title="签核这次检查",
        explains="签核后不能再改。意见会记入审计日志。",
    )
    def sign(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        sign_run(run_id=int(object_id), by_id=staff_id(request), remark=form.cleaned_data["reason"])

    @row_act(
        "退回",
        permissions=["sign"],
        done="已退回",
        title="退回这次检查",
        explains="负责人看到原因后继续检查。",
    )
    def send_back(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        return_run(run_id=int(object_id), by_id=staff_id(request), remark=form.cleaned_data["reason"])

    @admin.display(description="状态", ordering="state")
    def shown_state(self, run: ChecklistRun) -> Any:
        return show_label(run.get_state_display(), RUN_COLOURS[run.state])


def _is_open(run: Any) -> bool:
    return run is not None and run.state == RunState.OPEN


def _in_state(run_id: str | None, state: RunState) -> bool:
    return ChecklistRun.objects.filter(pk=run_id or 0, state=state).exists()
