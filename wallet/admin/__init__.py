from wallet.admin import words
from wallet.admin.ledger import HoldAdmin, JournalAdmin, LedgerAccountAdmin
from wallet.admin.wallets import RecordAdmin, TopUpAdmin, WalletAdmin

__all__ = [
    "HoldAdmin",
    "JournalAdmin",
    "LedgerAccountAdmin",
    "RecordAdmin",
    "TopUpAdmin",
    "WalletAdmin",
    "words",
]
