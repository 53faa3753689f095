"""A customer's own money on its way back to where it came from. Talking to WeChat is payments' business."""

from wallet.models import Journal
from wallet.rules.kinds import JournalKind, RecordKind
from wallet.rules.postings import payout_legs, payout_returned_legs, payout_settled_legs
from wallet.services.ledger import Lots, post_journal
from wallet.services.records import write_record
from wallet_project.kit.db import require_transaction
from wallet_project.kit.money import Fen


def begin_payout(*, wallet_id: int, amount: Fen, number: str) -> None:
    """
    Take own money out of a wallet; until WeChat has given it to the customer it waits in clearing.

    Must be called inside the transaction that decided so; does nothing the second time.

    :raises InsufficientBalance: there is not that much own money free
    :raises WalletFrozen: nothing leaves this wallet at the moment
    """
    require_transaction()
    journal = post_journal(
        kind=JournalKind.PAYOUT,
        key=_begun(number),
        legs=payout_legs(wallet_id=wallet_id, amount=amount),
        reference=number,
    )
    if not journal.replayed:
        write_record(
            wallet_id=wallet_id,
            journal=journal,
            kind=RecordKind.PAYOUT,
            title="余额退回微信",
            reference=number,
            balance_amount=amount,
        )


def settle_payout(*, amount: Fen, number: str, key: str) -> None:
    """WeChat has given it to the customer; does nothing the second time."""
    post_journal(
        kind=JournalKind.PAYOUT_SETTLED, key=key, legs=payout_settled_legs(amount=amount), reference=number
    )


def return_payout(*, wallet_id: int, amount: Fen, number: str) -> None:
    """It did not happen: the money is the customer's as before. Does nothing the second time."""
    require_transaction()
    begun = Journal.objects.get(key=_begun(number))
    journal = post_journal(
        kind=JournalKind.PAYOUT_RETURNED,
        key=f"payout_returned:{number}",
        legs=payout_returned_legs(wallet_id=wallet_id, amount=amount),
        reference=number,
        lots=Lots(restores=begun.pk, owed=True),
    )
    if not journal.replayed:
        write_record(
            wallet_id=wallet_id,
            journal=journal,
            kind=RecordKind.PAYOUT_RETURNED,
            title="余额退回未成功，已返还",
            reference=number,
            balance_amount=amount,
        )


def _begun(number: str) -> str:
    return f"payout:{number}"
