"""Money on its way into wallets."""

from typing import Any

from django.contrib import admin

from wallet.models import TopUp
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_yuan

TOPUP_COLOURS = {"OPEN": "info", "CREDITED": "success", "CLOSED": "default"}


@admin.register(TopUp)
class TopUpAdmin(ReadOnlyAdmin):
    list_display = ("number", "shown_wallet", "shown_amount", "shown_state", "created_at", "credited_at")
    list_filter = ("state", "created_at")
    search_fields = ("=number", "=wallet__id")
    search_help_text = "充值单号或钱包号"
    list_select_related = ("wallet",)
    ordering = ("-id",)
    fields = (
        "number",
        "shown_wallet",
        "shown_amount",
        "shown_state",
        "shown_journal",
        "created_at",
        "credited_at",
        "closed_reason",
    )
    readonly_fields = ("shown_wallet", "shown_amount", "shown_state", "shown_journal")

    @admin.display(description="钱包")
    def shown_wallet(self, top_up: TopUp) -> Any:
        return link_to(top_up.wallet)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, top_up: TopUp) -> Any:
        return show_yuan(top_up.amount)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, top_up: TopUp) -> Any:
        return show_label(top_up.get_state_display(), TOPUP_COLOURS.get(top_up.state))

    @admin.display(description="凭证")
    def shown_journal(self, top_up: TopUp) -> Any:
        return link_to(top_up.journal)
