"""What left the money at WeChat by no business of a customer's."""

from datetime import date

from wallet.rules.kinds import JournalKind
from wallet.rules.postings import settlement_legs
from wallet.services.ledger import post_journal


def book_settlement(*, day: date, fees: int, settled: int) -> None:
    """
    WeChat's fees of a day and what it sent to our bank, in fen; negative where it came back. Once per day,
    and nothing where there was neither.
    """
    if legs := settlement_legs(fees=fees, settled=settled):
        key = f"wx:settlement:{day.isoformat()}"
        post_journal(kind=JournalKind.SETTLEMENT, key=key, legs=legs, reference=day.isoformat())
