"""Customers' histories, line by line."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from wallet.models import Record
from wallet_project.kit.admin import MonthFilter, ReadOnlyAdmin, link_to, show_yuan


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    list_display = (
        "occurred_at",
        "shown_wallet",
        "title",
        "counterparty_name",
        "direction",
        "shown_amount",
        "shown_fee",
        "shown_balance_after",
        "shown_journal",
    )
    list_filter = ("kind", "direction", MonthFilter)
    search_fields = ("=reference", "=wallet__id", "=counterparty", "=counterparty_name")
    search_help_text = "业务单号、钱包号、对方编号（store:…）或对方名称，须完整"
    list_select_related = ("wallet", "journal")
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "shown_wallet",
        "kind",
        "direction",
        "title",
        "counterparty",
        "counterparty_name",
        "reference",
        "shown_amount",
        "shown_fee",
        "shown_balance_amount",
        "shown_channel_amount",
        "shown_discount_amount",
        "shown_balance_after",
        "shown_journal",
        "occurred_at",
        "month",
    )
    readonly_fields = (
        "shown_wallet",
        "shown_amount",
        "shown_fee",
        "shown_balance_amount",
        "shown_channel_amount",
        "shown_discount_amount",
        "shown_balance_after",
        "shown_journal",
    )

    @admin.display(description="钱包")
    def shown_wallet(self, record: Record) -> Any:
        return link_to(record.wallet)

    @admin.display(description="凭证")
    def shown_journal(self, record: Record) -> Any:
        return link_to(record.journal)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, record: Record) -> Any:
        return show_yuan(record.amount)

    @admin.display(description="其中手续费（元）", ordering="fee")
    def shown_fee(self, record: Record) -> Any:
        return show_yuan(record.fee)

    @admin.display(description="余额部分（元）")
    def shown_balance_amount(self, record: Record) -> Any:
        return show_yuan(record.balance_amount)

    @admin.display(description="微信部分（元）")
    def shown_channel_amount(self, record: Record) -> Any:
        return show_yuan(record.channel_amount)

    @admin.display(description="优惠抵扣（元）")
    def shown_discount_amount(self, record: Record) -> Any:
        return show_yuan(record.discount_amount)

    @admin.display(description="之后余额（元）")
    def shown_balance_after(self, record: Record) -> Any:
        return show_yuan(record.balance_after)
