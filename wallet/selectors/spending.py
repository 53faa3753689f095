"""Out of which colours of a wallet something was paid."""

from dataclasses import dataclass

from wallet.models import Entry, Record
from wallet.rules.kinds import RecordKind
from wallet.selectors.wallets import wallet_of
from wallet_project.kit.money import Fen


@dataclass(frozen=True, kw_only=True)
class Spent:
    """One paid order: its journal, and how many fen it took from each account of the payer's wallet."""

    journal_id: int
    taken: dict[str, Fen]


def spent_on(reference: str, *, user_id: int) -> Spent:
    """
    What their payment of this order took, in two queries.

    :raises Record.DoesNotExist: they did not pay it
    """
    lines = Record.objects.filter(wallet=wallet_of(user_id), reference=reference, kind=RecordKind.PAYMENT)
    journal_id: int = lines.values_list("journal_id", flat=True).get()
    taken = Entry.objects.filter(journal=journal_id, account__wallet__isnull=False)
    return Spent(
        journal_id=journal_id,
        taken={code: Fen(-amount) for code, amount in taken.values_list("account__code", "amount")},
    )
