"""Alerts at the desk: what is wrong, whose it is, how staff were told, and how it ended."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.html import format_html

from payments.admin.work import OwnerFilter, WorkAdmin, WorkFilter
from wallet_project.analytics.models import Alert
from wallet_project.analytics.rules.alerts import Severity
from wallet_project.analytics.selectors.alerts import OPEN
from wallet_project.analytics.services.alerts import assign_alert, close_alert, note_on_alert
from wallet_project.kit import clock
from wallet_project.kit.admin import ReasonForm, row_act, show_label, show_table, staff_id
from wallet_project.kit.context import viewer_may

SEVERITY_COLOURS = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.CRITICAL: "danger"}


class OpenFilter(WorkFilter):
    title, parameter_name = "进展", "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "未关闭"), ("no", "已关闭")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(self.open_rows) if self.value() == "yes" else queryset.exclude(self.open_rows)


@admin.register(Alert)
class AlertAdmin(WorkAdmin):
    open_rows = OPEN
    people_in = ("assignee_id", "closed_by")
    list_display = (
        "title",
        "shown_severity",
        "shown_progress",
        "shown_assignee",
        "count",
        "last_at",
        "created_at",
    )
    list_filter = (OpenFilter, OwnerFilter, "severity", "code", "created_at")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("title", "shown_severity", "code", "shown_facts", "shown_link")}),
        ("处理", {"fields": ("shown_assignee", "created_at", "last_at", "count", "shown_age")}),
        ("推送", {"fields": ("shown_tellings",)}),
        ("结果", {"fields": ("note", "closed_at", "shown_closer", "shown_trail")}),
    )
    readonly_fields = (
        "shown_severity",
        "shown_facts",
        "shown_link",
        "shown_assignee",
        "shown_age",
        "shown_tellings",
        "shown_closer",
        "shown_trail",
    )
    actions_detail = ("take", "give", "write_note", "close")

    def has_work_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("analytics.change_alert") and self.still_open(object_id)

    def assign(self, object_id: str, assignee_id: int) -> None:
        assign_alert(alert_id=int(object_id), assignee_id=assignee_id)

    def write_down(self, object_id: str, text: str) -> None:
        note_on_alert(alert_id=int(object_id), text=text)

    def trail_of(self, row: Alert) -> str:
        return f"alert:{row.pk}"

    @row_act(
        "关闭",
        permissions=["view", "work"],
        done="已关闭",
        title="说明结果并关闭这条告警",
        explains="请写明原因和处理结果。同样的情况再次发生时会产生新的告警。",
    )
    def close(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        close_alert(alert_id=int(object_id), note=form.cleaned_data["reason"], staff_id=staff_id(request))

    @admin.display(description="级别", ordering="severity")
    def shown_severity(self, alert: Alert) -> Any:
        return show_severity(alert)

    @admin.display(description="进展")
    def shown_progress(self, alert: Alert) -> Any:
        if not alert.is_open:
            return show_label("已关闭", "success")
        return show_label("处理中", "info") if alert.assignee_id else show_label("待处理", "danger")

    @admin.display(description="说明")
    def shown_facts(self, alert: Alert) -> str:
        return show_table(["项目", "内容"], list(alert.said.items()))

    @admin.display(description="相关页面")
    def shown_link(self, alert: Alert) -> Any:
        if not alert.link:
            return "—"
        if not _may_open(alert.link):
            return "由有权限的同事打开"
        return format_html('<a class="text-primary-600 underline" href="{}">打开</a>', alert.link)

    @admin.display(description="推送")
    def shown_tellings(self, alert: Alert) -> str:
        rows = [
            [
                each.get_channel_display(),
                each.get_state_display() + ("（合并）" if each.is_held else ""),
                clock.in_words(each.sent_at) if each.sent_at else "—",
                each.tries,
                each.last_error or "—",
            ]
            for each in alert.tellings.order_by("pk")
        ]
        return show_table(["渠道", "状态", "发送时间", "已尝试", "最近错误"], rows) if rows else "—"

    @admin.display(description="关闭人")
    def shown_closer(self, alert: Alert) -> str:
        if alert.closed_by:
            return self.name_of(alert, alert.closed_by)
        return "—" if alert.is_open else "系统"


def show_severity(alert: Alert) -> Any:
    return show_label(alert.get_severity_display(), SEVERITY_COLOURS[Severity(alert.severity)])


def _may_open(link: str) -> bool:
    """Rows ask for the right to see them; a page of its own sort decides when opened."""
    try:
        page = resolve(urlsplit(link).path).func
    except Resolver404:
        return False
    shown = getattr(page, "model_admin", None)
    return shown is None or viewer_may(f"{shown.opts.app_label}.view_{shown.opts.model_name}")
