from wallet.admin import words
from wallet.admin.adjustments import AdjustmentAdmin
from wallet.admin.categories import CategoryAdmin, CategoryRuleAdmin
from wallet.admin.content import ForbiddenWordAdmin
from wallet.admin.fees import FeeScheduleAdmin
from wallet.admin.ledger import HoldAdmin, JournalAdmin, LedgerAccountAdmin
from wallet.admin.ledger_checks import LedgerCheckAdmin, LedgerFindingAdmin
from wallet.admin.limits import LimitPolicyAdmin
from wallet.admin.money_requests import MoneyRequestAdmin
from wallet.admin.quotes import QuoteAdmin
from wallet.admin.records import RecordAdmin
from wallet.admin.red_packets import RedPacketAdmin
from wallet.admin.splits import SplitAdmin
from wallet.admin.statements import StatementAdmin
from wallet.admin.top_up_packages import TopUpPackageAdmin
from wallet.admin.top_ups import TopUpAdmin
from wallet.admin.transfers import TransferAdmin
from wallet.admin.wallets import WalletAdmin
from wallet.admin.withdrawals import WithdrawalAdmin

__all__ = [
    "AdjustmentAdmin",
    "CategoryAdmin",
    "CategoryRuleAdmin",
    "FeeScheduleAdmin",
    "ForbiddenWordAdmin",
    "HoldAdmin",
    "JournalAdmin",
    "LedgerAccountAdmin",
    "LedgerCheckAdmin",
    "LedgerFindingAdmin",
    "LimitPolicyAdmin",
    "MoneyRequestAdmin",
    "QuoteAdmin",
    "RecordAdmin",
    "RedPacketAdmin",
    "SplitAdmin",
    "StatementAdmin",
    "TopUpAdmin",
    "TopUpPackageAdmin",
    "TransferAdmin",
    "WalletAdmin",
    "WithdrawalAdmin",
    "words",
]
