"""The register of licences."""

from typing import Any

from django.contrib import admin

from wallet_project.compliance.admin.base import RegisterAdmin
from wallet_project.compliance.models import Licence
from wallet_project.kit import clock
from wallet_project.kit.admin import show_label

LICENCE_COLOURS = {"COMING": "info", "VALID": "success", "EXPIRING": "warning", "EXPIRED": "danger"}


@admin.register(Licence)
class LicenceAdmin(RegisterAdmin):
    list_display = ("name", "authority", "number", "shown_state", "valid_until", "owner")
    list_filter = ("is_needed",)
    list_select_related = ("owner",)
    search_fields = ("name", "number")
    search_help_text = "名称或编号"
    ordering = ("valid_until", "name")
    fields = (
        "name",
        "authority",
        "number",
        "scope",
        "valid_from",
        "valid_until",
        "shown_state",
        "document",
        "owner",
        "is_needed",
    )
    readonly_fields = ("shown_state",)

    @admin.display(description="状态", ordering="valid_until")
    def shown_state(self, licence: Licence) -> Any:
        if licence.pk is None:
            return "—"
        if not licence.is_needed:
            return show_label("不再需要")
        state = licence.state(clock.business_day(clock.now()))
        return show_label(state.label, LICENCE_COLOURS[state])
