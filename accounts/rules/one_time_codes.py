"""Six digits that change every thirty seconds (RFC 6238, SHA-1: what every authenticator app speaks)."""

import hmac
from datetime import datetime
from urllib.parse import quote

from django_otp.oath import hotp

STEP_SECONDS = 30
_DIGITS = 6
_TOLERANCE = 1  # steps before and after: clocks differ, people type slowly


def step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    return f"{hotp(secret, step, _DIGITS):0{_DIGITS}d}"


def step_of_code(*, secret: bytes, code: str, at: datetime, after: int) -> int | None:
    """
    The step whose code this is, around `at` and later than `after`; None when there is none.

    Whoever remembers the step and asks for a later one accepts no code twice.
    """
    now = step_at(at)
    for step in range(now - _TOLERANCE, now + _TOLERANCE + 1):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def provisioning_uri(*, secret_base32: str, account: str, issuer: str) -> str:
    """What the QR code says (Key Uri Format of Google Authenticator)."""
    label = f"{quote(issuer)}:{quote(account)}"
    return f"otpauth://totp/{label}?secret={secret_base32}&issuer={quote(issuer)}"
