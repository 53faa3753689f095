"""What must be reported, for those who report it and nobody else."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from payments.models import AmlFinding
from payments.rules.aml import AmlState
from payments.selectors.aml import findings_as_csv
from payments.services.aml import decide_finding, note_export
from wallet_project.kit.admin import (
    ReadOnlyAdmin,
    ReasonForm,
    Waits,
    row_act,
    show_label,
    show_yuan,
    staff_id,
)

_STATES = {"NEW": "warning", "REPORTED": "success", "DISMISSED": "default"}


@admin.register(AmlFinding)
class AmlFindingAdmin(ReadOnlyAdmin):
    list_display = ("day", "user", "kind", "reason", "shown_came", "shown_went", "payers", "shown_state")
    list_filter = ("state", "kind", "reason", "day")
    waits = Waits(
        words="待研判的反洗钱线索",
        permission="payments.decide_amlfinding",
        which=Q(state=AmlState.NEW),
        shows={"state__exact": AmlState.NEW},
    )
    search_fields = ("=user__uid",)
    search_help_text = "用户号"
    list_select_related = ("user",)
    ordering = ("-day", "-id")
    fields = (*list_display, "found_at", "decided_at", "note")
    readonly_fields = ("shown_came", "shown_went", "shown_state")
    actions = ("export",)
    actions_detail = ("report", "dismiss")

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        if not request.user.has_perm("payments.decide_amlfinding"):
            return False
        return object_id is None or AmlFinding.objects.filter(pk=object_id, state=AmlState.NEW).exists()

    @admin.action(description="导出所选（CSV）", permissions=["decide"])
    def export(self, request: HttpRequest, findings: QuerySet[AmlFinding]) -> HttpResponse:
        note_export(finding_ids=list(findings.values_list("pk", flat=True)))
        answer = HttpResponse(findings_as_csv(findings), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="aml.csv"'
        return answer

    @row_act("标记为已报告", permissions=["decide"], done="已记录", submit="确认")
    def report(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        _decide(request, form, object_id, AmlState.REPORTED)

    @row_act("排除", permissions=["decide"], done="已记录", title="排除这条线索", submit="确认")
    def dismiss(self, request: HttpRequest, form: ReasonForm, object_id: str) -> None:
        _decide(request, form, object_id, AmlState.DISMISSED)

    @admin.display(description="转入（元）", ordering="came")
    def shown_came(self, finding: AmlFinding) -> Any:
        return show_yuan(finding.came)

    @admin.display(description="转出（元）", ordering="went")
    def shown_went(self, finding: AmlFinding) -> Any:
        return show_yuan(finding.went)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, finding: AmlFinding) -> Any:
        return show_label(finding.get_state_display(), _STATES.get(finding.state))


def _decide(request: HttpRequest, form: ReasonForm, object_id: str, state: AmlState) -> None:
    decide_finding(
        finding_id=int(object_id), state=state, note=form.cleaned_data["reason"], staff_id=staff_id(request)
    )
