"""Who sits at the page."""

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def agent_at(request: HttpRequest) -> User:
    """A member of staff: behind the admin's own login."""
    return cast(User, request.user)
