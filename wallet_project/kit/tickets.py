"""
Facts that a client carries for us from one request to the next: sealed, so that nobody reads, changes or
makes one, and good for a while.

`purpose` says what a ticket is good for and, where it belongs to somebody, to whom: "wallet.payee:12". Shown
for anything else it is refused like one that was made up.
"""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from wallet_project.kit import crypto


class TicketRefused(Exception):
    """Made up, changed, of another purpose, or too old: it does not say which."""


def make_ticket(*facts: Any, purpose: str, until: datetime) -> str:
    """What JSON can hold, as letters, digits, `-` and `_`: safe in a header, an address and a QR code."""
    plain = json.dumps([int(until.timestamp()), *facts], ensure_ascii=False, separators=(",", ":"))
    sealed = crypto.seal(plain, belongs_to=f"ticket:{purpose}")
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_ticket(ticket: str, *, purpose: str, at: datetime) -> list[Any]:
    """
    The facts, in the order in which they were put in.

    :raises TicketRefused: whatever is wrong with it
    """
    try:
        sealed = base64.b64decode(ticket + "=" * (-len(ticket) % 4), altchars=b"-_", validate=True)
        until, *facts = json.loads(crypto.open_sealed(sealed, belongs_to=f"ticket:{purpose}"))
    except (crypto.CannotOpen, binascii.Error, ValueError):
        raise TicketRefused from None
    if at >= datetime.fromtimestamp(until, tz=UTC):
        raise TicketRefused
    return facts
