"""That somebody asked for a statement, and whether it could be made."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from wallet.models import Statement
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_yuan

STATEMENT_COLOURS = {"QUEUED": "warning", "RUNNING": "info", "READY": "success", "FAILED": "danger"}


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """Never what is in the files: these are their owner's."""

    list_display = (
        "number",
        "shown_wallet",
        "month",
        "is_provisional",
        "shown_state",
        "lines",
        "shown_opening",
        "shown_closing",
        "requested_at",
        "downloads",
    )
    list_filter = ("state", "is_provisional", "month")
    search_fields = ("=number", "=checksum", "=wallet__id", "=wallet__user__uid")
    search_help_text = "对账单号、校验码、钱包号或用户号，须完整"
    list_select_related = ("wallet",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "number",
        "shown_wallet",
        "month",
        "since",
        "until",
        "is_provisional",
        "shown_state",
        "percent",
        "tries",
        "requested_at",
        "seen_at",
        "ready_at",
        "expires_at",
        "lines",
        "shown_opening",
        "shown_closing",
        "shown_difference",
        "checksum",
        "downloads",
        "downloaded_at",
    )
    readonly_fields = (
        "shown_wallet",
        "shown_state",
        "shown_opening",
        "shown_closing",
        "shown_difference",
    )

    @admin.display(description="钱包")
    def shown_wallet(self, statement: Statement) -> Any:
        return link_to(statement.wallet)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, statement: Statement) -> Any:
        if statement.is_expired(clock.now()):
            return show_label("已过期")
        return show_label(statement.get_state_display(), STATEMENT_COLOURS.get(statement.state))

    @admin.display(description="期初余额（元）")
    def shown_opening(self, statement: Statement) -> Any:
        return show_yuan(statement.opening)

    @admin.display(description="期末余额（元）")
    def shown_closing(self, statement: Statement) -> Any:
        return show_yuan(statement.closing)

    @admin.display(description="账实差额（元）")
    def shown_difference(self, statement: Statement) -> Any:
        return show_yuan(statement.difference)
