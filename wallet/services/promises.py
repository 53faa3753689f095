"""
What we promise a customer beyond their wallet is a liability from the moment that it is promised.

The table of each promise is of a higher app; here is its money. Of one owner all promises of a kind meet in
the same slot, so the database refuses to give back more than was promised.
"""

from enum import StrEnum
from typing import Any

from wallet.rules.kinds import JournalKind
from wallet.rules.postings import promise_lapsed_legs, promise_legs
from wallet.services.ledger import PostedJournal, as_posting, post_journal
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


class Promise(StrEnum):
    """What is promised: the account that owes it."""

    POINTS = "points_liability"
    COUPON = "coupon_liability"
    REWARD = "reward_liability"


def owner_key(user_id: int) -> str:
    """Chooses the slot where this person's promises are."""
    return f"user:{user_id}"


def book_promise(*, of: Promise, user_id: int, amount: Fen, key: str, reference: str) -> PostedJournal:
    """
    We owe this person so much, at most; once per key.

    Must be called inside the transaction that promises it.
    """
    require_transaction()
    return post_journal(**_promise(of=of, user_id=user_id, amount=amount, key=key, reference=reference))


def promise_posting(*, of: Promise, user_id: int, amount: Fen, key: str, reference: str) -> dict[str, Any]:
    """What `book_promise` would post, for an SQL function that promises and posts in one call."""
    return as_posting(**_promise(of=of, user_id=user_id, amount=amount, key=key, reference=reference))


def book_lapse(*, of: Promise, user_id: int, amount: Fen, key: str, reference: str) -> PostedJournal:
    """
    So much of what we owed this person is not owed any more: it expired, or was taken back. Once per key.

    Must be called inside the transaction that decided so.

    :raises InsufficientBalance: more than all that was promised to the people of this slot
    """
    require_transaction()
    return post_journal(
        kind=JournalKind.PROMISE_LAPSED,
        key=key,
        legs=promise_lapsed_legs(code=of, amount=amount, owner=owner_key(user_id)),
        reference=reference,
    )


def _promise(*, of: Promise, user_id: int, amount: Fen, key: str, reference: str) -> dict[str, Any]:
    return {
        "kind": JournalKind.PROMISE,
        "key": key,
        "legs": promise_legs(code=of, amount=amount, owner=owner_key(user_id)),
        "reference": reference,
    }
