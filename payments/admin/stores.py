"""Stores and shop systems."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextInputWidget

from payments.models import ShopSystem, Store
from payments.models.stores import MOST_AT_ONCE
from payments.rules.shop_notifications import is_notify_url
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


class ShopSystemForm(RefundsAtOnceForm):
    notify_url = forms.CharField(
        label="通知地址",
        required=False,
        max_length=255,
        widget=UnfoldAdminTextInputWidget,
        help_text="商城接收支付、关单、退款通知的 https 地址；留空则不通知",
    )

    def clean_notify_url(self) -> str:
        url: str = self.cleaned_data["notify_url"]
        if url and not is_notify_url(url, local=settings.SHOPS_MAY_BE_LOCAL):
            raise forms.ValidationError("请填写互联网上的 https 地址，不能指向内网")
        return url


@admin.register(Store)
class StoreAdmin(WalletAdmin):
    form = RefundsAtOnceForm
    list_display = ("code", "name", "address", "is_open")
    list_filter = ("is_open",)
    search_fields = ("code", "name")


@admin.register(ShopSystem)
class ShopSystemAdmin(WalletAdmin):
    """Made by `manage.py create_shop_system`, which shows the secret once; here it is switched off and on."""

    form = ShopSystemForm
    list_display = ("name", "shown_key", "is_active", "created_at")
    fields = (
        "name",
        "shown_key",
        "is_active",
        "refunds_at_once_up_to",
        "ships_as",
        "notify_url",
        "created_at",
    )
    readonly_fields = ("shown_key", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ShopSystem | None = None) -> bool:
        return False

    @admin.display(description="密钥编号（Shop-Key）", ordering="key_id")
    def shown_key(self, shop: ShopSystem) -> str:
        return shop.key_id
