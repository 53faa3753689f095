"""Stores and shop systems."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from payments.models import ShopSystem, Store
from payments.models.stores import MOST_AT_ONCE
from wallet_project.kit.admin import WalletAdmin, YuanField
from wallet_project.kit.money import yuan


class RefundsAtOnceForm(forms.ModelForm):
    refunds_at_once_up_to = YuanField(
        label="免审退款上限",
        help_text="单位：元，同一订单累计。顾客申请退款在此金额以内立即退还，超过的等待审核；0 为全部审核",
    )

    def clean_refunds_at_once_up_to(self) -> int:
        amount: int = self.cleaned_data["refunds_at_once_up_to"]
        if amount > MOST_AT_ONCE:
            raise forms.ValidationError(f"免审退款上限不能超过 {yuan(MOST_AT_ONCE)} 元")
        return amount


@admin.register(Store)
class StoreAdmin(WalletAdmin):
    form = RefundsAtOnceForm
    list_display = ("code", "name", "address", "is_open")
    list_filter = ("is_open",)
    search_fields = ("code", "name")


@admin.register(ShopSystem)
class ShopSystemAdmin(WalletAdmin):
    """Made by `manage.py create_shop_system`, which shows the secret once; here it is switched off and on."""

    form = RefundsAtOnceForm
    list_display = ("name", "key_id", "is_active", "created_at")
    fields = ("name", "key_id", "is_active", "refunds_at_once_up_to", "created_at")
    readonly_fields = ("key_id", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ShopSystem | None = None) -> bool:
        return False
