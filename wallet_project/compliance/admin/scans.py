"""Scanners' reports, and what they found."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from wallet_project.compliance.errors import ReportUnreadable
from wallet_project.compliance.models import Finding, FindingState, ScanReport
from wallet_project.compliance.rules.scans import Tool
from wallet_project.compliance.services.scans import LARGEST, accept_finding, import_report, read
from wallet_project.kit.admin import ReadOnlyAdmin, ReasonForm, row_act, show_label, staff_id

SEVERITY_COLOURS = {"HIGH": "danger", "MEDIUM": "warning", "LOW": "info"}
FINDING_COLOURS = {"OPEN": "danger", "ACCEPTED": "warning", "FIXED": "success"}


class AcceptForm(ReasonForm):
    until = forms.DateField(label="接受到", widget=UnfoldAdminSingleDateWidget)


class UploadForm(forms.ModelForm):
    tool = forms.ChoiceField(label="工具", choices=Tool.choices, widget=UnfoldAdminSelectWidget)
    report = forms.FileField(
        label="JSON 报告",
        help_text=f"不超过 {LARGEST // 1024 // 1024} MB",
        widget=UnfoldAdminFileFieldWidget,
    )

    class Meta:
        model = ScanReport
        fields = ("tool",)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        upload, tool = given.get("report"), given.get("tool")
        if upload and tool:
            if upload.size > LARGEST:
                raise forms.ValidationError({"report": "文件过大"})
            given["raw"] = upload.read()
            try:
                read(Tool(tool), given["raw"])
            except ReportUnreadable as error:
                said = f"{error.message}（{error.detail['reason']}）"
                raise forms.ValidationError({"report": said}) from None
        return given


@admin.register(ScanReport)
class ScanReportAdmin(ReadOnlyAdmin):
    """To add one is to import it."""

    list_display = ("source", "imported_at", "file_name", "seen", "new", "fixed", "imported_by")
    list_filter = ("source", "imported_at")
    list_select_related = ("imported_by",)
    ordering = ("-imported_at",)
    fields = ("source", "imported_at", "imported_by", "file_name", "shown_digest", "seen", "new", "fixed")
    readonly_fields = ("shown_digest",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("compliance.add_scanreport")

    def get_fields(self, request: HttpRequest, obj: ScanReport | None = None) -> Any:
        return ("tool", "report") if obj is None else self.fields

    def get_form(self, request: HttpRequest, obj: ScanReport | None = None, *args: Any, **kwargs: Any) -> Any:
        return UploadForm if obj is None else super().get_form(request, obj, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: ScanReport, form: Any, change: Any) -> None:
        report = import_report(
            tool=Tool(form.cleaned_data["tool"]),
            raw=form.cleaned_data["raw"],
            file_name=form.cleaned_data["report"].name,
            by_id=staff_id(request),
        )
        vars(obj).update(vars(report))

    @admin.display(description="SHA-256")
    def shown_digest(self, report: ScanReport) -> str:
        return bytes(report.digest).hex()


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = (
        "shown_severity",
        "identifier",
        "place",
        "count",
        "fixed_version",
        "source",
        "first_seen_at",
        "shown_state",
    )
    list_display_links = ("identifier",)
    list_filter = ("state", "severity", "source")
    search_fields = ("identifier", "place", "title")
    search_help_text = "编号、依赖、文件或说明"
    ordering = ("-last_seen_at", "pk")
    fields = (
        "shown_severity",
        "identifier",
        "title",
        "place",
        "count",
        "detail",
        "fixed_version",
        "source",
        "first_seen_at",
        "last_seen_at",
        "shown_state",
        "accepted_reason",
        "accepted_until",
        "accepted_by",
    )
    readonly_fields = ("shown_severity", "shown_state")
    actions_detail = ("accept",)

    def has_accept_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        unsettled = Finding.objects.filter(pk=object_id or 0).exclude(state=FindingState.FIXED)
        return request.user.has_perm("compliance.change_finding") and unsettled.exists()

    @row_act(
        "接受到某日",
        permissions=["accept"],
        done="已接受",
        title="暂时接受这个问题",
        explains="到期自动重新打开；出现在更多位置也会重新打开。最长一年。",
        submit="接受",
        form=AcceptForm,
    )
    def accept(self, request: HttpRequest, form: AcceptForm, object_id: str) -> None:
        accept_finding(
            finding_id=int(object_id),
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            by_id=staff_id(request),
        )

    @admin.display(description="等级", ordering="severity")
    def shown_severity(self, finding: Finding) -> Any:
        return show_label(finding.get_severity_display(), SEVERITY_COLOURS[finding.severity])

    @admin.display(description="状态", ordering="state")
    def shown_state(self, finding: Finding) -> Any:
        return show_label(finding.get_state_display(), FINDING_COLOURS[finding.state])
