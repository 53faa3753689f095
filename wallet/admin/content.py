"""The words that remarks, titles and wishes may not contain."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from wallet.models import ForbiddenWord
from wallet_project.kit.admin import WalletAdmin


@admin.register(ForbiddenWord)
class ForbiddenWordAdmin(WalletAdmin):
    list_display = ("word", "note", "is_active", "updated_at")
    list_filter = ("is_active",)
    search_fields = ("word", "note")
    search_help_text = "词语或原因"
    ordering = ("word",)
    fields = ("word", "note", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Switched off, a word still tells what was refused once."""
        return False
