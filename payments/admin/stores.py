"""Stores and shop systems."""

from django.contrib import admin

from payments.models import ShopSystem, Store
from wallet_project.kit.admin import ReadOnlyAdmin, WalletAdmin


@admin.register(Store)
class StoreAdmin(WalletAdmin):
    list_display = ("code", "name", "address", "is_open")
    list_filter = ("is_open",)
    search_fields = ("code", "name")


@admin.register(ShopSystem)
class ShopSystemAdmin(ReadOnlyAdmin):
    """Made by `manage.py create_shop_system`, which shows the secret once."""

    list_display = ("name", "key_id", "is_active", "created_at")
    fields = ("name", "key_id", "is_active", "created_at")
