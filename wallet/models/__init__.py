from wallet.models.content import ForbiddenWord
from wallet.models.holds import Hold, HoldEvent, HoldEventKind
from wallet.models.journal import Entry, Journal
from wallet.models.ledger_accounts import LedgerAccount
from wallet.models.limits import LimitPolicy, LimitUsage
from wallet.models.lots import Lot
from wallet.models.records import Record
from wallet.models.seals import Seal
from wallet.models.top_ups import TopUp, TopUpState
from wallet.models.wallets import Wallet, WalletStatus

__all__ = [
    "Entry",
    "ForbiddenWord",
    "Hold",
    "HoldEvent",
    "HoldEventKind",
    "Journal",
    "LedgerAccount",
    "LimitPolicy",
    "LimitUsage",
    "Lot",
    "Record",
    "Seal",
    "TopUp",
    "TopUpState",
    "Wallet",
    "WalletStatus",
]
