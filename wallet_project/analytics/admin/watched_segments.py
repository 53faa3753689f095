"""Which audiences the numbers are asked about, too."""

from django.contrib import admin
from django.http import HttpRequest

from wallet_project.analytics.models import WatchedSegment
from wallet_project.kit.admin import WalletAdmin


@admin.register(WatchedSegment)
class WatchedSegmentAdmin(WalletAdmin):
    """Watched or not; each costs every roll-up as much again, so there are a few."""

    list_display = ("segment", "since")
    autocomplete_fields = ("segment",)
    fields = ("segment",)
    ordering = ("-since",)
    list_select_related = ("segment",)

    def has_change_permission(self, request: HttpRequest, obj: WatchedSegment | None = None) -> bool:
        return False
