"""Risk assessments, privacy impact assessments among them."""

from typing import Any

from django.contrib import admin

from wallet_project.compliance.admin.base import RegisterAdmin
from wallet_project.compliance.models import RiskAssessment
from wallet_project.kit.admin import show_label

LEVEL_COLOURS = {"HIGH": "danger", "MEDIUM": "warning", "LOW": "success"}


@admin.register(RiskAssessment)
class RiskAssessmentAdmin(RegisterAdmin):
    list_display = ("title", "kind", "shown_level", "treatment", "owner", "due_on", "review_on", "is_open")
    list_filter = ("kind", "is_open", "treatment")
    list_select_related = ("owner",)
    search_fields = ("title", "scope")
    search_help_text = "名称或范围"
    ordering = ("-is_open", "-score")
    fieldsets = (
        (None, {"fields": ("title", "kind", "scope", "likelihood", "impact", "shown_level")}),
        ("处置", {"fields": ("treatment", "measures", "owner", "due_on", "measures_done_on")}),
        ("复评", {"fields": ("assessed_on", "review_on", "is_open")}),
    )
    readonly_fields = ("shown_level",)

    @admin.display(description="等级", ordering="score")
    def shown_level(self, risk: RiskAssessment) -> Any:
        if risk.pk is None:
            return "—"
        return show_label(f"{risk.level.label} · {risk.score}", LEVEL_COLOURS[risk.level])
