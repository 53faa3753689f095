"""The retention schedule: how long, why, and that it was done."""

from datetime import timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldBooleanSwitchWidget

from wallet_project.compliance.models import RetentionRule, RetentionRun
from wallet_project.compliance.rules.words import in_words
from wallet_project.compliance.selectors.outdated import KINDS, PASSING
from wallet_project.compliance.selectors.retention import rules_with_last_run
from wallet_project.compliance.services.retention import propose_rule_change
from wallet_project.kit import clock
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    row_act,
    show_label,
    staff_id,
)

RUN_COLOURS = {"DONE": "success", "RUNNING": "info", "UNFINISHED": "warning", "FAILED": "danger"}
_SHOWN = timedelta(days=30)


class ChangeForm(ReasonForm):
    keep_days = forms.IntegerField(
        label="保存天数", min_value=1, max_value=36_500, widget=UnfoldAdminIntegerFieldWidget
    )
    enabled = forms.BooleanField(
        label="到期清理", required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )
    field_order = ["keep_days", "enabled", "reason"]


class Runs(ReadOnlyInline):
    """Of the last thirty days."""

    model = RetentionRun
    fields = ("started_at", "shown_state", "before", "cleared", "oldest_left", "shown_seconds", "error")
    readonly_fields = fields
    ordering = ("-started_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RetentionRun]:
        return super().get_queryset(request).filter(started_at__gte=clock.now() - _SHOWN)

    @admin.display(description="结果")
    def shown_state(self, run: RetentionRun) -> Any:
        return show_run(run.state)

    @admin.display(description="用时（秒）")
    def shown_seconds(self, run: RetentionRun) -> str:
        return "—" if run.seconds is None else f"{run.seconds:.1f}"


@admin.register(RetentionRule)
class RetentionRuleAdmin(ReadOnlyAdmin):
    list_display = ("shown_title", "shown_keep", "shown_action", "basis", "shown_last_run", "shown_cleared")
    search_fields = ("basis",)
    search_help_text = "依据"
    fields = ("shown_title", "shown_keep", "shown_minimum", "shown_action", "basis", "shown_tables")
    readonly_fields = fields
    ordering = ("keep_days", "kind")
    list_per_page = 200  # all of them: it is one schedule
    inlines = (Runs,)
    actions_detail = ("ask_for_change",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RetentionRule]:
        return rules_with_last_run().filter(kind__in=KINDS)

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("compliance.change_retentionrule")

    @row_act(
        "申请修改",
        permissions=["ask"],
        done="已提交审批",
        title="申请修改保存期限",
        explains="由另一位有审批权限的同事批准后生效；不能短于最短期限。",
        submit="提交申请",
        form=ChangeForm,
    )
    def ask_for_change(self, request: HttpRequest, form: ChangeForm, object_id: str) -> None:
        propose_rule_change(
            rule=RetentionRule.objects.get(pk=object_id),
            keep_days=form.cleaned_data["keep_days"],
            enabled=form.cleaned_data["enabled"],
            reason=form.cleaned_data["reason"],
            maker_id=staff_id(request),
        )

    @admin.display(description="数据种类", ordering="kind")
    def shown_title(self, rule: RetentionRule) -> str:
        return KINDS[rule.kind].title

    @admin.display(description="保存期限", ordering="keep_days")
    def shown_keep(self, rule: RetentionRule) -> str:
        return in_words(rule.keep_days)

    @admin.display(description="最短期限")
    def shown_minimum(self, rule: RetentionRule) -> str:
        return in_words(KINDS[rule.kind].minimum_days)

    @admin.display(description="到期")
    def shown_action(self, rule: RetentionRule) -> Any:
        if rule.kind in PASSING and not rule.enabled:
            return show_label("已停用", "danger")
        return KINDS[rule.kind].action

    @admin.display(description="包括")
    def shown_tables(self, rule: RetentionRule) -> str:
        tables = KINDS[rule.kind].tables
        return "、".join(str(apps.get_model(label)._meta.verbose_name) for label in tables)

    @admin.display(description="最近执行")
    def shown_last_run(self, rule: Any) -> Any:
        return show_run(rule.last_run_state) if rule.last_run_state else "—"

    @admin.display(description="最近清理行数")
    def shown_cleared(self, rule: Any) -> Any:
        return "—" if rule.last_run_cleared is None else rule.last_run_cleared


def show_run(state: str) -> Any:
    return show_label(RetentionRun.State(state).label, RUN_COLOURS[state])
