"""Who may come through a door, beyond holding a key to the house."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.errors import PhoneRequired


class LoggedIn(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.user is not None


class HasPhone(LoggedIn):
    errors = (PhoneRequired,)

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        known: Any = request.user
        if known.phone_bound_at is None:
            raise PhoneRequired
        return True
