"""Users with sessions, made without asking WeChat."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import Device, Session, User
from accounts.services.sessions import Tokens, issue_session
from wallet_project.kit import clock


@dataclass(frozen=True)
class LoggedIn:
    user: User
    device: Device
    tokens: Tokens

    @property
    def session(self) -> Session:
        return Session.objects.filter(device=self.device).latest("pk")

    def as_header(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens.access_token}"}


def logged_in(**fields: Any) -> LoggedIn:
    """A new user, logged in on a new device."""
    user = User.objects.create_user(**fields)
    now = clock.now()
    device = Device.objects.create(
        user=user, device_id=f"d-{uuid.uuid4().hex}", first_seen_at=now, last_seen_at=now
    )
    with transaction.atomic():
        tokens, _ended = issue_session(device=device, now=now)
    return LoggedIn(user=user, device=device, tokens=tokens)
