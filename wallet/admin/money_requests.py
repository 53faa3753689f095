"""Requests for money between customers, to look at."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from wallet.models import MoneyRequest, Transfer
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_yuan

REQUEST_COLOURS = {"OPEN": "warning", "PAID": "success"}


@admin.register(MoneyRequest)
class MoneyRequestAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "shown_requester",
        "shown_payer",
        "shown_amount",
        "shown_state",
        "created_at",
        "ended_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("=number", "=requester__uid", "=payer__uid")
    search_help_text = "收款单号，或发起人、付款人的用户号"
    list_select_related = ("requester", "payer")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "number",
        "shown_requester",
        "shown_payer",
        "shown_amount",
        "shown_remark",
        "shown_state",
        "shown_transfer",
        "created_at",
        "expires_at",
        "reminded_at",
        "ended_at",
    )
    readonly_fields = (
        "shown_requester",
        "shown_payer",
        "shown_amount",
        "shown_remark",
        "shown_state",
        "shown_transfer",
    )

    @admin.display(description="发起人")
    def shown_requester(self, request: MoneyRequest) -> Any:
        return link_to(request.requester)

    @admin.display(description="付款人")
    def shown_payer(self, request: MoneyRequest) -> Any:
        return link_to(request.payer)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, request: MoneyRequest) -> Any:
        return show_yuan(request.amount)

    @admin.display(description="说明（顾客所写）")
    def shown_remark(self, request: MoneyRequest) -> str:
        return f"“{request.remark}”" if request.remark else "—"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, request: MoneyRequest) -> Any:
        return show_label(request.get_state_display(), REQUEST_COLOURS.get(request.state))

    @admin.display(description="付款的转账")
    def shown_transfer(self, request: MoneyRequest) -> Any:
        return link_to(Transfer.objects.filter(request=request).first())
