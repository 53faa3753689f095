from wallet.models.adjustments import Adjustment
from wallet.models.budgets import Budget, BudgetNotice
from wallet.models.categories import Category, CategoryTotal, FiledBy, RecordCategory
from wallet.models.category_rules import CategoryRule, TaughtRule
from wallet.models.content import ForbiddenWord
from wallet.models.fee_waivers import FeeWaiver
from wallet.models.fees import FeeSchedule
from wallet.models.holds import Hold, HoldEvent, HoldEventKind
from wallet.models.journal import Entry, Journal
from wallet.models.ledger_accounts import LedgerAccount
from wallet.models.ledger_checks import CheckKind, CheckState, LedgerCheck, LedgerFinding
from wallet.models.limits import LimitPolicy, LimitUsage
from wallet.models.lots import Lot
from wallet.models.money_requests import BlockedPerson, MoneyRequest
from wallet.models.payees import PayeeLookups, PayeeSettings
from wallet.models.quotes import Quote, QuoteState
from wallet.models.records import Record
from wallet.models.red_packets import RedPacket, RedPacketShare, RedPacketState
from wallet.models.seals import Seal
from wallet.models.splits import Split
from wallet.models.standing import CustomerStanding
from wallet.models.statements import Statement, StatementPart
from wallet.models.top_up_packages import PackageState, TopUpPackage
from wallet.models.top_ups import TopUp, TopUpState
from wallet.models.transfers import Transfer
from wallet.models.wallets import Wallet, WalletStatus
from wallet.models.withdrawals import Withdrawal

__all__ = [
    "Adjustment",
    "BlockedPerson",
    "Budget",
    "BudgetNotice",
    "Category",
    "CategoryRule",
    "CategoryTotal",
    "CheckKind",
    "CheckState",
    "CustomerStanding",
    "Entry",
    "FeeSchedule",
    "FeeWaiver",
    "FiledBy",
    "ForbiddenWord",
    "Hold",
    "HoldEvent",
    "HoldEventKind",
    "Journal",
    "LedgerAccount",
    "LedgerCheck",
    "LedgerFinding",
    "LimitPolicy",
    "LimitUsage",
    "Lot",
    "MoneyRequest",
    "PackageState",
    "PayeeLookups",
    "PayeeSettings",
    "Quote",
    "QuoteState",
    "Record",
    "RecordCategory",
    "RedPacket",
    "RedPacketShare",
    "RedPacketState",
    "Seal",
    "Split",
    "Statement",
    "StatementPart",
    "TaughtRule",
    "TopUp",
    "TopUpPackage",
    "TopUpState",
    "Transfer",
    "Wallet",
    "WalletStatus",
    "Withdrawal",
]
