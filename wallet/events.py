"""What others may hear from the wallet."""

from dataclasses import dataclass

from wallet_project.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class TopUpCredited(Event):
    """`amount` fen have arrived in the principal of this user's wallet."""

    name = "wallet.top_up.credited"

    number: str
    user_id: int
    amount: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class TopUpTakenBack(Event):
    """What was left of a top-up, and of its gift, leaves this user's wallet: it was none."""

    name = "wallet.top_up.taken_back"

    number: str
    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class GiftExpired(Event):
    """`amount` fen of what was given under `source` were not used in time."""

    name = "wallet.gift.expired"

    user_id: int
    source: str
    amount: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class WithdrawalRequested(Event):
    """`amount` fen of their own are to leave this user's wallet; in REVIEW somebody looks first."""

    name = "wallet.withdrawal.requested"

    number: str
    user_id: int
    amount: int
    state: str

    @property
    def aggregate(self) -> str:
        return f"withdrawal:{self.number}"


@dataclass(frozen=True, kw_only=True)
class WithdrawalApproved(Event):
    """A member of staff lets it go; it is still to be sent."""

    name = "wallet.withdrawal.approved"

    number: str

    @property
    def aggregate(self) -> str:
        return f"withdrawal:{self.number}"


@dataclass(frozen=True, kw_only=True)
class WithdrawalEnded(Event):
    """It is over in this state; `paid` fen have arrived, the rest is in the wallet."""

    name = "wallet.withdrawal.ended"

    number: str
    user_id: int
    state: str
    paid: int

    @property
    def aggregate(self) -> str:
        return f"withdrawal:{self.number}"


@dataclass(frozen=True, kw_only=True)
class WalletStopped(Event):
    """Staff have stopped a wallet so far, for this cause, until then or until it is lifted."""

    name = "wallet.wallet.stopped"

    user_id: int
    scope: str
    cause: str
    until: str | None

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class WalletReleased(Event):
    """It may go on."""

    name = "wallet.wallet.released"

    user_id: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class BudgetReached(Event):
    """
    This month's spending has reached `level` percent of a budget, for the first time.

    `category` is its code, empty when the budget is for everything; `amount` fen were planned, `spent` are
    spent by then. Whoever jumps over both levels at once is told of the higher one.
    """

    name = "wallet.budget.reached"

    user_id: int
    month: str
    category: str
    level: int
    amount: int
    spent: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class LedgerDrifted(Event):
    """A check found sentences about the ledger broken that were not known to be; all money stands still."""

    name = "wallet.ledger.drifted"

    check_id: int
    sentences: list[str]

    @property
    def aggregate(self) -> str:
        return "money"


@dataclass(frozen=True, kw_only=True)
class _OfTransfer(Event):
    number: str
    sender_id: int
    receiver_id: int
    amount: int

    @property
    def aggregate(self) -> str:
        return f"transfer:{self.number}"


@dataclass(frozen=True, kw_only=True)
class TransferSent(_OfTransfer):
    """`amount` fen have arrived in the receiver's wallet, at once."""

    name = "wallet.transfer.sent"


@dataclass(frozen=True, kw_only=True)
class TransferWaiting(_OfTransfer):
    """The receiver may take it until `accept_by` (ISO 8601)."""

    name = "wallet.transfer.waiting"

    accept_by: str


@dataclass(frozen=True, kw_only=True)
class TransferAccepted(_OfTransfer):
    """The receiver has taken what waited for them."""

    name = "wallet.transfer.accepted"


@dataclass(frozen=True, kw_only=True)
class TransferReturned(_OfTransfer):
    """It never arrived; the sender has it back. `state`: DECLINED, CANCELLED or EXPIRED."""

    name = "wallet.transfer.returned"

    state: str


@dataclass(frozen=True, kw_only=True)
class FeeSpared(Event):
    """A move was made whose fee was `amount` fen less for the waiver of this number."""

    name = "wallet.fee.spared"

    number: str
    user_id: int
    quote: str
    amount: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class FeeSparedNot(Event):
    """That move came to nothing: the waiver of this number spares another fee."""

    name = "wallet.fee.spared_not"

    number: str
    user_id: int
    quote: str
    amount: int

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class FeeSet(Event):
    """From `effective_from` on such a move costs something else; `is_dearer`: for somebody it may be more."""

    name = "wallet.fee.set"

    kind: str
    tier: str
    version: int
    is_dearer: bool
    effective_from: str

    @property
    def aggregate(self) -> str:
        return f"fee:{self.kind}"


@dataclass(frozen=True, kw_only=True)
class _OfRequest(Event):
    """`payer_id` is None while a request is open to whoever has its link."""

    number: str
    requester_id: int
    payer_id: int | None
    amount: int

    @property
    def aggregate(self) -> str:
        return f"request:{self.number}"


@dataclass(frozen=True, kw_only=True)
class MoneyRequested(_OfRequest):
    name = "wallet.request.made"


@dataclass(frozen=True, kw_only=True)
class RequestReminded(_OfRequest):
    """Whoever asked has asked again."""

    name = "wallet.request.reminded"


@dataclass(frozen=True, kw_only=True)
class RequestEnded(_OfRequest):
    """`state`: PAID, DECLINED, CANCELLED or EXPIRED."""

    name = "wallet.request.ended"

    state: str


@dataclass(frozen=True, kw_only=True)
class _OfRedPacket(Event):
    number: str
    sender_id: int

    @property
    def aggregate(self) -> str:
        return f"red_packet:{self.number}"


@dataclass(frozen=True, kw_only=True)
class RedPacketSent(_OfRedPacket):
    """`amount` fen for `count` people; `receiver_id` is whom it is for, none: whoever is sent the link."""

    name = "wallet.red_packet.sent"

    receiver_id: int | None
    amount: int
    count: int


@dataclass(frozen=True, kw_only=True)
class RedPacketOpened(_OfRedPacket):
    """This user got `amount` fen of it."""

    name = "wallet.red_packet.opened"

    user_id: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class RedPacketFinished(_OfRedPacket):
    """The last share was opened."""

    name = "wallet.red_packet.finished"


@dataclass(frozen=True, kw_only=True)
class RedPacketReturned(_OfRedPacket):
    """Its time is over; the rest, `amount` fen, is its sender's again."""

    name = "wallet.red_packet.returned"

    amount: int


@dataclass(frozen=True, kw_only=True)
class LimitsSet(Event):
    """From `effective_from` (ISO 8601) on this real-name level has other limits for a move, or for OUT."""

    name = "wallet.limits.set"

    level: int
    move: str
    effective_from: str

    @property
    def aggregate(self) -> str:
        return f"limit:{self.level}:{self.move}"


@dataclass(frozen=True, kw_only=True)
class _OfSplit(Event):
    number: str
    organiser_id: int

    @property
    def aggregate(self) -> str:
        return f"split:{self.number}"


@dataclass(frozen=True, kw_only=True)
class SplitBegun(_OfSplit):
    """Those who are named hear of their shares as MoneyRequested."""

    name = "wallet.split.begun"

    total: int


@dataclass(frozen=True, kw_only=True)
class SplitJoined(_OfSplit):
    """`user_id` has taken a free place and is asked for `amount` fen."""

    name = "wallet.split.joined"

    user_id: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class SplitEnded(_OfSplit):
    """`state`: PAID_UP or CLOSED."""

    name = "wallet.split.ended"

    state: str


@dataclass(frozen=True, kw_only=True)
class StatementReady(Event):
    """What this user asked for can be downloaded."""

    name = "wallet.statement.ready"

    number: str
    user_id: int
    month: str

    @property
    def aggregate(self) -> str:
        return f"user:{self.user_id}"
