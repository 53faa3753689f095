"""Stores and shop systems."""

from django.contrib import admin
from django.http import HttpRequest

from payments.models import ShopSystem, Store
from wallet_project.kit.admin import WalletAdmin


@admin.register(Store)
class StoreAdmin(WalletAdmin):
    list_display = ("code", "name", "address", "is_open")
    list_filter = ("is_open",)
    search_fields = ("code", "name")


@admin.register(ShopSystem)
class ShopSystemAdmin(WalletAdmin):
    """Made by `manage.py create_shop_system`, which shows the secret once; here it is switched off and on."""

    list_display = ("name", "key_id", "is_active", "created_at")
    fields = ("name", "key_id", "is_active", "created_at")
    readonly_fields = ("key_id", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ShopSystem | None = None) -> bool:
        return False
