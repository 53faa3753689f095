"""
What is kept of a PIN: Argon2id over its HMAC with a pepper.

Six digits are a million tries, so the table alone must not be enough to make them: the pepper is only in the
environment. Memory and time are `PIN_HASH` in the settings, and only so many are made at once, because
hashing is the one thing a caller can make us sweat with.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from django.conf import settings

from wallet_project.kit.errors import TooManyRequests

PATIENCE_SECONDS = 2.0

_cost: dict[str, Any] = settings.PIN_HASH
_hasher = PasswordHasher(**_cost)
_slots = threading.BoundedSemaphore(settings.PIN_HASHES_AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class PinHash:
    stored: bytes
    pepper: int


@contextmanager
def hashing_slot() -> Iterator[None]:
    """
    Wait for a turn; taken before a try is counted, so that nobody loses one to the crowd.

    :raises TooManyRequests: too many others are at it
    """
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyRequests(retry_after=1)
    try:
        yield
    finally:
        _slots.release()


def hash_pin(*, user_id: int, pin: str) -> PinHash:
    number = next(iter(settings.PIN_PEPPER))
    return PinHash(
        stored=_hasher.hash(_peppered(pin, user_id=user_id, number=number)).encode(), pepper=number
    )


def pin_matches(kept: PinHash, *, user_id: int, pin: str) -> bool:
    """False, too, where the pepper is one we no longer hold."""
    if kept.pepper not in settings.PIN_PEPPER:
        return False
    try:
        return _hasher.verify(kept.stored, _peppered(pin, user_id=user_id, number=kept.pepper))
    except (VerifyMismatchError, InvalidHashError):
        return False


def work_as_hard(pin: str) -> None:
    """The time of `pin_matches` for somebody who has no PIN, so that nobody can tell by the clock."""
    _hasher.hash(_peppered(pin, user_id=0, number=next(iter(settings.PIN_PEPPER))))


def is_outdated(kept: PinHash) -> bool:
    """Made with an older pepper or with less work than we ask for now."""
    return kept.pepper != next(iter(settings.PIN_PEPPER)) or _hasher.check_needs_rehash(kept.stored.decode())


def _peppered(pin: str, *, user_id: int, number: int) -> str:
    """Of this user alone: the hash of another, copied over, does not match."""
    return hmac.new(settings.PIN_PEPPER[number], f"{user_id}:{pin}".encode(), hashlib.sha256).hexdigest()
