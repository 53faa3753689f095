"""What a receipt says of a record: all of it to its owner, amount and parties to whoever checks it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wallet.rules.kinds import Direction
from wallet_project.kit.money import Fen

CHECKABLE_FOR = timedelta(days=3653)  # as long as the record of a transaction must be kept


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Amounts in fen; the holder and people on the other side are masked: a receipt is made to be shown."""

    record_id: int
    title: str
    kind: str
    direction: str
    amount: Fen
    balance_amount: Fen
    channel_amount: Fen
    discount_amount: Fen
    fee: Fen
    holder: str
    counterparty: str  # empty where there is nobody
    reference: str
    at: datetime

    @property
    def payer(self) -> str:
        return self.holder if self.direction == Direction.OUT else self.counterparty

    @property
    def payee(self) -> str:
        return self.counterparty if self.direction == Direction.OUT else self.holder
