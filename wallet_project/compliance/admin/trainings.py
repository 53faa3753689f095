"""Courses, and who took them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from wallet_project.compliance.admin.base import RegisterAdmin
from wallet_project.compliance.models import TrainingCourse, TrainingRecord
from wallet_project.kit import clock
from wallet_project.kit.admin import show_label


@admin.register(TrainingCourse)
class TrainingCourseAdmin(RegisterAdmin):
    list_display = ("title", "basis", "pass_score", "valid_months", "is_active")
    list_filter = ("is_active",)
    ordering = ("title",)
    fields = ("title", "basis", "roles", "pass_score", "valid_months", "is_active")


@admin.register(TrainingRecord)
class TrainingRecordAdmin(RegisterAdmin):
    list_display = ("person", "course", "taken_on", "score", "shown_state", "valid_until")
    list_filter = ("course", "taken_on")
    list_select_related = ("person", "course")
    search_fields = ("person__username",)
    search_help_text = "登录名"
    ordering = ("-taken_on", "-pk")
    fields = ("course", "person", "taken_on", "score", "reference", "shown_state", "valid_until")
    readonly_fields = ("shown_state", "valid_until")

    def save_model(self, request: HttpRequest, obj: TrainingRecord, form: Any, change: Any) -> None:
        obj.decide()
        super().save_model(request, obj, form, change)

    @admin.display(description="结果", ordering="valid_until")
    def shown_state(self, record: TrainingRecord) -> Any:
        if record.pk is None:
            return "—"
        if record.valid_until is None:
            return show_label("不及格", "danger")
        if record.valid_until < clock.business_day(clock.now()):
            return show_label("已失效", "warning")
        return show_label("有效", "success")
