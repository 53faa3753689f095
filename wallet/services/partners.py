"""What partners owe us of what promotions cost, and what they have paid of it."""

from typing import Any

from wallet.rules.kinds import JournalKind
from wallet.rules.postings import partner_paid_legs, partner_share_legs
from wallet.services.ledger import PostedJournal, post_journal
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def book_partner_share(*, amount: int, key: str, reference: str) -> PostedJournal:
    """
    So many fen of a cost are a partner's to bear, or, where negative, are not any more; once per key.

    Must be called inside the transaction that decided so.
    """
    require_transaction()
    return post_journal(
        kind=JournalKind.PARTNER_SHARE, key=key, legs=partner_share_legs(amount=amount), reference=reference
    )


def book_partner_payment(*, amount: Fen, key: str, reference: str, facts: dict[str, Any]) -> PostedJournal:
    """It is in our bank account; once per key. Must be called inside the transaction that approves it."""
    require_transaction()
    return post_journal(
        kind=JournalKind.PARTNER_PAID,
        key=key,
        legs=partner_paid_legs(amount=amount),
        reference=reference,
        facts=facts,
    )
