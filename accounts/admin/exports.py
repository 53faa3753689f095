"""That somebody took their data along."""

from typing import Any

from django.contrib import admin

from accounts.models import DataExport
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label

EXPORT_COLOURS = {"REQUESTED": "warning", "BUILDING": "info", "READY": "success", "FAILED": "danger"}


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyAdmin):
    """That somebody took their data along, never what was in it."""

    list_display = ("number", "shown_user", "shown_state", "requested_at", "expires_at", "downloads")
    list_filter = ("state", "requested_at")
    search_fields = ("=number", "=user__uid")
    search_help_text = "导出单号或用户号，须完整"
    list_select_related = ("user",)
    ordering = ("-id",)
    fields = (
        "number",
        "shown_user",
        "shown_state",
        "requested_at",
        "tries",
        "ready_at",
        "expires_at",
        "size",
        "downloads",
        "downloaded_at",
    )
    readonly_fields = ("shown_user", "shown_state")

    @admin.display(description="用户")
    def shown_user(self, export: DataExport) -> Any:
        return link_to(export.user)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, export: DataExport) -> Any:
        if export.is_expired(clock.now()):
            return show_label("已过期")
        return show_label(export.get_state_display(), EXPORT_COLOURS.get(export.state))
