"""What was put right by hand."""

from typing import Any

from django.contrib import admin

from accounts.models import User
from wallet.models import Adjustment
from wallet_project.kit.admin import ReadOnlyAdmin, link_to, show_label, show_yuan


@admin.register(Adjustment)
class AdjustmentAdmin(ReadOnlyAdmin):
    list_display = (
        "number",
        "shown_wallet",
        "colour",
        "shown_amount",
        "cause",
        "ticket",
        "shown_state",
        "created_at",
    )
    list_filter = ("cause", "colour", "created_at")
    search_fields = ("=number", "=ticket", "=wallet__id")
    search_help_text = "调账单号、工单号或钱包号"
    list_select_related = ("wallet",)
    ordering = ("-id",)
    fields = (
        "number",
        "shown_wallet",
        "colour",
        "shown_amount",
        "cause",
        "ticket",
        "note",
        "shown_state",
        "shown_maker",
        "shown_checker",
        "shown_journal",
        "created_at",
        "posted_at",
    )
    readonly_fields = (
        "shown_wallet",
        "shown_amount",
        "shown_state",
        "shown_maker",
        "shown_checker",
        "shown_journal",
    )

    @admin.display(description="钱包")
    def shown_wallet(self, adjustment: Adjustment) -> Any:
        return link_to(adjustment.wallet)

    @admin.display(description="金额（元）", ordering="amount")
    def shown_amount(self, adjustment: Adjustment) -> Any:
        return show_yuan(adjustment.amount)

    @admin.display(description="状态")
    def shown_state(self, adjustment: Adjustment) -> Any:
        return (
            show_label("已入账", "success")
            if adjustment.journal_id
            else show_label("待审批或未通过", "warning")
        )

    @admin.display(description="申请人")
    def shown_maker(self, adjustment: Adjustment) -> str:
        return _name(adjustment.maker_id)

    @admin.display(description="审批人")
    def shown_checker(self, adjustment: Adjustment) -> str:
        return _name(adjustment.checker_id)

    @admin.display(description="凭证")
    def shown_journal(self, adjustment: Adjustment) -> Any:
        return link_to(adjustment.journal)


def _name(staff_id: int | None) -> str:
    member = User.objects.filter(pk=staff_id).first() if staff_id else None
    return str(member) if member else "—"
