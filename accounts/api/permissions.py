"""Who may come through a door."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class LoggedIn(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.user is not None
