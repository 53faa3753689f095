"""Transfers between customers, to look at."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from wallet.models import Transfer
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_yuan

TRANSFER_COLOURS = {"WAITING": "warning", "ACCEPTED": "success"}


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "shown_sender",
        "shown_receiver",
        "shown_amount",
        "shown_state",
        "created_at",
        "ended_at",
    )
    list_filter = ("state", "created_at")
    search_fields = ("=number", "=sender__uid", "=receiver__uid")
    search_help_text = "转账单号，或付款人、收款人的用户号"
    list_select_related = ("sender", "receiver")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "number",
        "shown_sender",
        "shown_receiver",
        "shown_amount",
        "shown_fee",
        "shown_remark",
        "shown_state",
        "shown_hold",
        "shown_journal",
        "created_at",
        "accept_by",
        "ended_at",
    )
    readonly_fields = (
        "shown_sender",
        "shown_receiver",
        "shown_amount",
        "shown_fee",
        "shown_remark",
        "shown_state",
        "shown_hold",
        "shown_journal",
    )

    @admin.display(description="付款人")
    def shown_sender(self, transfer: Transfer) -> Any:
        return link_to(transfer.sender)

    @admin.display(description="收款人")
    def shown_receiver(self, transfer: Transfer) -> Any:
        return link_to(transfer.receiver)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, transfer: Transfer) -> Any:
        return show_yuan(transfer.amount)

    @admin.display(description="手续费（元）")
    def shown_fee(self, transfer: Transfer) -> Any:
        return show_yuan(transfer.fee)

    @admin.display(description="附言（顾客所写）")
    def shown_remark(self, transfer: Transfer) -> str:
        return f"“{transfer.remark}”" if transfer.remark else "—"

    @admin.display(description="状态", ordering="state")
    def shown_state(self, transfer: Transfer) -> Any:
        return show_label(transfer.get_state_display(), TRANSFER_COLOURS.get(transfer.state))

    @admin.display(description="资金冻结")
    def shown_hold(self, transfer: Transfer) -> Any:
        return link_to(transfer.hold)

    @admin.display(description="凭证")
    def shown_journal(self, transfer: Transfer) -> Any:
        return link_to(transfer.journal)
