"""The retention schedule: how long, why, and that it was done."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from wallet_project.compliance.admin.words import show_days, show_run, show_tables
from wallet_project.compliance.models import RetentionRule, RetentionRun
from wallet_project.compliance.selectors.outdated import KINDS, PASSING
from wallet_project.compliance.selectors.retention import rules_with_last_run
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, show_label

_SHOWN = timedelta(days=30)


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
    fields = ("shown_title", "shown_keep", "shown_minimum", "shown_action", "basis", "shown_tables")
    readonly_fields = fields
    ordering = ("keep_days", "kind")
    inlines = (Runs,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RetentionRule]:
        return rules_with_last_run().filter(kind__in=KINDS)

    @admin.display(description="数据种类", ordering="kind")
    def shown_title(self, rule: RetentionRule) -> str:
        return KINDS[rule.kind].title

    @admin.display(description="保存期限", ordering="keep_days")
    def shown_keep(self, rule: RetentionRule) -> str:
        return show_days(rule.keep_days)

    @admin.display(description="最短期限")
    def shown_minimum(self, rule: RetentionRule) -> str:
        return show_days(KINDS[rule.kind].minimum_days)

    @admin.display(description="到期")
    def shown_action(self, rule: RetentionRule) -> Any:
        if rule.kind in PASSING and not rule.enabled:
            return show_label("已停用", "danger")
        return KINDS[rule.kind].action

    @admin.display(description="包括")
    def shown_tables(self, rule: RetentionRule) -> str:
        return show_tables(KINDS[rule.kind].tables)

    @admin.display(description="最近执行")
    def shown_last_run(self, rule: Any) -> Any:
        return show_run(rule.last_run_state) if rule.last_run_state else "—"

    @admin.display(description="最近清理行数")
    def shown_cleared(self, rule: Any) -> Any:
        return "—" if rule.last_run_cleared is None else rule.last_run_cleared
