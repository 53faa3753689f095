"""Links to a document of one's own: they open without a token, for a few minutes, while the session lives."""

from datetime import datetime, timedelta

from accounts.selectors.sessions import is_alive
from wallet.errors import DocumentLinkInvalid
from wallet_project.kit.tickets import TicketRefused, make_ticket, open_ticket

LINK_LIFE = timedelta(minutes=5)


def new_link(document: str, *, user_id: int, session_id: int, now: datetime) -> str:
    """A token that opens one document, 'receipt:2048', for this person."""
    return make_ticket(user_id, session_id, purpose=_purpose(document), until=now + LINK_LIFE)


def owner_of_link(token: str, *, document: str, asker_id: int | None, now: datetime) -> int:
    """
    Whose document it is. Whoever asks need not say who they are, but if they do it must be the owner.

    :raises DocumentLinkInvalid: whatever is wrong with it
    """
    try:
        user_id, session_id = open_ticket(token, purpose=_purpose(document), at=now)
    except TicketRefused:
        raise DocumentLinkInvalid from None
    if asker_id not in (None, user_id) or not is_alive(session_id):
        raise DocumentLinkInvalid
    return int(user_id)


def _purpose(document: str) -> str:
    return f"wallet.document:{document}"
