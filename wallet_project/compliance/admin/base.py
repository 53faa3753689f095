"""The base of the desk's registers: colleagues write and correct, nobody deletes."""

from typing import Any

from django.db import models
from django.http import HttpRequest

from wallet_project.kit.admin import WalletAdmin


class RegisterAdmin(WalletAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        return False
