"""Who may come in. The default is nobody: every door says otherwise itself."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Denied(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class Anyone(BasePermission):
    """Open on purpose: login, callbacks that prove themselves by signature."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return True
