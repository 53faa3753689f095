"""Whom bills can be paid to, and what customers keep for it; account numbers and tokens are never shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from payments.models import Biller, BillPayee
from wallet_project.kit.admin import ReadOnlyAdmin, WalletAdmin, show_label


@admin.register(Biller)
class BillerAdmin(WalletAdmin):
    """Switched off, nobody begins to pay it; what is under way goes on."""

    list_display = ("name", "code", "kind", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name")
    fields = ("code", "name", "kind", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Biller | None = None) -> tuple[str, ...]:
        return ("code", "kind") if obj else ()  # the platform knows it by these

    def has_delete_permission(self, request: HttpRequest, obj: Biller | None = None) -> bool:
        return False


@admin.register(BillPayee)
class BillPayeeAdmin(ReadOnlyAdmin):
    list_display = ("shown_name", "user", "shown_kind", "owner", "shown_state", "created_at")
    list_filter = ("biller", "created_at")
    search_fields = ("user__nickname", "tail")
    search_help_text = "昵称或尾号"
    list_select_related = ("user", "biller")
    fields = (
        "shown_name",
        "user",
        "biller",
        "shown_kind",
        "bank",
        "tail",
        "owner",
        "shown_state",
        "created_at",
        "forgotten_at",
    )
    readonly_fields = ("shown_name", "shown_kind", "shown_state")

    @admin.display(description="名称")
    def shown_name(self, payee: BillPayee) -> str:
        return str(payee)

    @admin.display(description="类型", ordering="biller__kind")
    def shown_kind(self, payee: BillPayee) -> str:
        return "信用卡" if payee.biller.takes_cards else payee.biller.get_kind_display()

    @admin.display(description="状态")
    def shown_state(self, payee: BillPayee) -> Any:
        if payee.forgotten_at is None:
            return show_label("使用中", "success")
        if payee.parting_sealed is not None:
            return show_label("已解绑，待平台确认", "warning")
        return show_label("已删除", "default")
