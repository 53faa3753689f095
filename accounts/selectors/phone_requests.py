"""Requests of customers who lost their old phone."""

from accounts.models import PhoneChangeRequest
from accounts.models.phones import PhoneRequestState
from wallet_project.kit.errors import StateConflict


def latest_request_of(user_id: int) -> PhoneChangeRequest | None:
    """The one they may ask about, with their key; None when they never asked."""
    theirs = PhoneChangeRequest.objects.filter(user=user_id).select_related("user__personal_key")
    return theirs.order_by("-pk").first()


def open_request_of(user_id: int) -> PhoneChangeRequest:
    """
    :raises StateConflict: none is open
    """
    request = PhoneChangeRequest.objects.filter(user=user_id, state=PhoneRequestState.OPEN).first()
    if request is None:
        raise StateConflict(state="NONE", wanted=PhoneRequestState.WITHDRAWN)
    return request
