"""Shared bills, to look at."""

from typing import Any

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from wallet.models import MoneyRequest, Split
from wallet_project.kit.admin import ReadOnlyAdmin, ReadOnlyInline, link_to, show_label, show_yuan

SPLIT_COLOURS = {"OPEN": "warning", "PAID_UP": "success"}


class Shares(ReadOnlyInline):
    model = MoneyRequest
    fk_name = "split"
    fields = ("shown_number", "shown_payer", "shown_amount", "shown_state", "ended_at")
    readonly_fields = fields
    ordering = ("id",)

    @admin.display(description="收款单号")
    def shown_number(self, share: MoneyRequest) -> Any:
        return link_to(share)

    @admin.display(description="付款人")
    def shown_payer(self, share: MoneyRequest) -> Any:
        return link_to(share.payer)

    @admin.display(description="金额（元）")
    def shown_amount(self, share: MoneyRequest) -> Any:
        return show_yuan(share.amount)

    @admin.display(description="状态")
    def shown_state(self, share: MoneyRequest) -> Any:
        return show_label(share.get_state_display(), "success" if share.state == "PAID" else None)


@admin.register(Split)
class SplitAdmin(ReadOnlyAdmin):
    list_display = ("number", "shown_organiser", "shown_total", "shown_state", "created_at", "ended_at")
    list_filter = ("state", "created_at")
    search_fields = ("=number", "=organiser__uid")
    search_help_text = "AA 单号或发起人的用户号"
    list_select_related = ("organiser",)
    ordering = ("-id",)
    paginator = InfinitePaginator
    fields = (
        "number",
        "shown_organiser",
        "shown_title",
        "shown_total",
        "shown_own",
        "shown_state",
        "created_at",
        "expires_at",
        "reminded_at",
        "ended_at",
    )
    readonly_fields = ("shown_organiser", "shown_title", "shown_total", "shown_own", "shown_state")
    inlines = (Shares,)

    @admin.display(description="发起人")
    def shown_organiser(self, split: Split) -> Any:
        return link_to(split.organiser)

    @admin.display(description="名称（顾客所写）")
    def shown_title(self, split: Split) -> str:
        return f"“{split.title}”"

    @admin.display(description="总金额（元）", ordering="total")
    def shown_total(self, split: Split) -> Any:
        return show_yuan(split.total)

    @admin.display(description="发起人承担（元）")
    def shown_own(self, split: Split) -> Any:
        return show_yuan(split.own)

    @admin.display(description="状态", ordering="state")
    def shown_state(self, split: Split) -> Any:
        return show_label(split.get_state_display(), SPLIT_COLOURS.get(split.state))
