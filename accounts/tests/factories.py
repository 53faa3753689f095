"""Users with sessions, made without asking WeChat."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.errors import StepUpRequired
from accounts.models import ChallengeState, Device, PaymentPin, Session, StepUpChallenge, User
from accounts.rules.step_up import Operation
from accounts.services.pin_hashes import hash_pin
from accounts.services.sessions import Tokens, issue_session
from accounts.services.step_up import authorise
from wallet_project.kit import clock
from wallet_project.kit.crypto import new_token, token_hash

PIN = "318842"


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


def with_pin(person: LoggedIn) -> LoggedIn:
    """Who has set a payment PIN long ago; it is PIN."""
    set_at = clock.now() - timedelta(days=30)
    hashed = hash_pin(user_id=person.user.pk, pin=PIN)
    PaymentPin.objects.create(user=person.user, pin_hash=hashed.stored, pepper=hashed.pepper, set_at=set_at)
    return person


def grant_for(person: LoggedIn, operation: Operation) -> str:
    """The grant of a challenge that was asked for and proven, whatever was to be proven."""
    try:
        authorise(user_id=person.user.pk, device_id=person.device.device_id, operation=operation, grant="")
    except StepUpRequired as asked:
        grant = new_token()
        StepUpChallenge.objects.filter(public_id=asked.detail["challenge_id"]).update(
            state=ChallengeState.PROVEN, grant_hash=token_hash(grant)
        )
        return grant
    raise AssertionError("nothing was to be proven")
