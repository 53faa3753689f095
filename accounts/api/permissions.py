"""Who may come through a door."""

from typing import Any, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.errors import ConsentRequired
from accounts.selectors.agreements import document
from accounts.selectors.consents import outstanding_for
from accounts.selectors.sessions import Holder
from wallet_project.kit import clock


class Recognised(BasePermission):
    """
    Known by their token, whatever they agreed to: for doors that must stay open to somebody who does not
    agree, such as reading and accepting the texts, taking one's data along, leaving.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.user is not None


class LoggedIn(Recognised):
    """Known, and agreeing to every mandatory text in force. Nothing is asked of the tables to let them in."""

    errors = (ConsentRequired,)

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        require_agreement(cast(Holder, request.auth))
        return True


def require_agreement(holder: Holder) -> None:
    """:raises ConsentRequired: to a mandatory text in force"""
    now = clock.now()
    if holder.consent_due_at is not None and holder.consent_due_at <= now:
        outstanding = outstanding_for(holder.user_id, now)
        raise ConsentRequired(documents=[document(version) for version in outstanding])
