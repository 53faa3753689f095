"""Quotes, to explain a fee to whoever asks."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from wallet.models import Quote, QuoteState
from wallet.rules.fee_words import line_in_words
from wallet_project.kit import clock
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_table, show_yuan

_COLOURS = {QuoteState.OPEN: "info", QuoteState.TAKEN: "success", QuoteState.RETURNED: "warning"}


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "shown_user",
        "kind",
        "shown_amount",
        "shown_fee",
        "shown_state",
        "public_id",
    )
    list_filter = ("kind", "state", "month")
    search_fields = ("=public_id", "=user__uid")
    search_help_text = "报价号或用户号"
    list_select_related = ("user",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "public_id",
        "shown_user",
        "kind",
        "shown_amount",
        "shown_fee",
        "shown_total",
        "shown_lines",
        "shown_schedule",
        "month",
        "shown_free_amount",
        "free_moves",
        "shown_state",
        "created_at",
        "expires_at",
        "taken_at",
    )
    readonly_fields = tuple(name for name in fields if name.startswith("shown_"))

    @admin.display(description="用户")
    def shown_user(self, quote: Quote) -> Any:
        return link_to(quote.user)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, quote: Quote) -> Any:
        return show_yuan(quote.amount)

    @admin.display(description="手续费（元）", ordering="fee")
    def shown_fee(self, quote: Quote) -> Any:
        return show_yuan(quote.fee)

    @admin.display(description="合计（元）")
    def shown_total(self, quote: Quote) -> Any:
        return show_yuan(quote.total)

    @admin.display(description="计费明细")
    def shown_lines(self, quote: Quote) -> str:
        lines = [[line_in_words(line), show_yuan(line["amount"])] for line in quote.breakdown]
        return show_table(["项目", "手续费（元）"], lines) if lines else "免费"

    @admin.display(description="收费标准")
    def shown_schedule(self, quote: Quote) -> Any:
        return link_to(quote.schedule)

    @admin.display(description="占用免费额度（元）")
    def shown_free_amount(self, quote: Quote) -> Any:
        return show_yuan(quote.free_amount)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, quote: Quote) -> Any:
        state = QuoteState(quote.state)
        if state == QuoteState.OPEN and quote.expires_at <= clock.now():
            return show_label("已过期")
        return show_label(str(state.label), _COLOURS.get(state))
