"""Wallet URLs."""

from django.urls import path, re_path

from wallet.api.analysis import ShowAnalysis
from wallet.api.balance import ShowPastBalance, ShowWallet
from wallet.api.blocked_people import BlockedPeople, UnblockPerson
from wallet.api.budgets import Budgets, OneBudget
from wallet.api.categories import Categories, CorrectCategory, ForgetTaughtRule, TaughtRules
from wallet.api.fees import Fees
from wallet.api.limits import ShowLimits
from wallet.api.money_requests import (
    CancelMoneyRequest,
    DeclineMoneyRequest,
    MoneyRequests,
    OpenRequestLink,
    RemindOfMoneyRequest,
    ShowMoneyRequest,
)
from wallet.api.payees import FindPayee, MyPayeeSettings
from wallet.api.quotes import Quotes
from wallet.api.receipts import CheckReceipt, DownloadReceipt, MyReceipt
from wallet.api.receive_codes import MyReceiveCode
from wallet.api.record_details import ShowRecord
from wallet.api.records import MONTH, ListRecords, ShowMonth
from wallet.api.red_packets import (
    OneRedPacket,
    OpenRedPacket,
    ReceivedRedPackets,
    RedPackets,
    RedPacketShares,
    WaitingRedPackets,
)
from wallet.api.split_links import JoinSplit, OpenSplitLink
from wallet.api.splits import CloseSplit, RemindOfSplit, ShowSplit, Splits
from wallet.api.statements import CheckStatement, DownloadStatement, MyStatement, MyStatements
from wallet.api.top_up_packages import TopUpPackages
from wallet.api.transfers import AcceptTransfer, CancelTransfer, DeclineTransfer, ShowTransfer, Transfers
from wallet.api.withdrawable import ListExpiringGifts, ShowWithdrawable

urlpatterns = [
    path("wallet/analysis", ShowAnalysis.as_view()),
    path("wallet/budgets", Budgets.as_view()),
    path("wallet/budgets/<slug:scope>", OneBudget.as_view()),
    path("wallet/categories", Categories.as_view()),
    path("wallet/category-rules", TaughtRules.as_view()),
    path("wallet/category-rules/<int:rule>", ForgetTaughtRule.as_view()),
    path("wallet/records/<int:record>/category", CorrectCategory.as_view()),
    path("wallet", ShowWallet.as_view()),
    path("wallet/balance", ShowPastBalance.as_view()),
    path("wallet/withdrawable", ShowWithdrawable.as_view()),
    path("wallet/expiring-gifts", ListExpiringGifts.as_view()),
    path("wallet/top-up-packages", TopUpPackages.as_view()),
    path("fees", Fees.as_view()),
    path("wallet/quotes", Quotes.as_view()),
    path("wallet/limits", ShowLimits.as_view()),
    path("wallet/records", ListRecords.as_view()),
    path("wallet/records/<int:record>", ShowRecord.as_view()),
    path("wallet/records/<int:record>/receipt", MyReceipt.as_view()),
    path("wallet/records/<int:record>/receipt/<slug:form>", DownloadReceipt.as_view()),
    path("receipts/<slug:code>", CheckReceipt.as_view()),
    path("wallet/statements", MyStatements.as_view()),
    path("wallet/statements/<slug:number>", MyStatement.as_view()),
    path("wallet/statements/<slug:number>/<slug:form>", DownloadStatement.as_view()),
    path("statements/check", CheckStatement.as_view()),
    re_path(rf"^wallet/records/months/(?P<month>{MONTH})\Z", ShowMonth.as_view()),
    path("wallet/payees", FindPayee.as_view()),
    path("wallet/payee-settings", MyPayeeSettings.as_view()),
    path("wallet/receive-code", MyReceiveCode.as_view()),
    path("wallet/transfers", Transfers.as_view()),
    path("wallet/transfers/<str:number>", ShowTransfer.as_view()),
    path("wallet/transfers/<str:number>/accept", AcceptTransfer.as_view()),
    path("wallet/transfers/<str:number>/decline", DeclineTransfer.as_view()),
    path("wallet/transfers/<str:number>/cancel", CancelTransfer.as_view()),
    path("wallet/requests", MoneyRequests.as_view()),
    path("wallet/requests/open", OpenRequestLink.as_view()),
    path("wallet/requests/<str:number>", ShowMoneyRequest.as_view()),
    path("wallet/requests/<str:number>/decline", DeclineMoneyRequest.as_view()),
    path("wallet/requests/<str:number>/cancel", CancelMoneyRequest.as_view()),
    path("wallet/requests/<str:number>/remind", RemindOfMoneyRequest.as_view()),
    path("wallet/splits", Splits.as_view()),
    path("wallet/splits/open", OpenSplitLink.as_view()),
    path("wallet/splits/join", JoinSplit.as_view()),
    path("wallet/splits/<str:number>", ShowSplit.as_view()),
    path("wallet/splits/<str:number>/close", CloseSplit.as_view()),
    path("wallet/splits/<str:number>/remind", RemindOfSplit.as_view()),
    path("wallet/blocked-people", BlockedPeople.as_view()),
    path("wallet/blocked-people/<int:person>", UnblockPerson.as_view()),
    path("wallet/red-packets", RedPackets.as_view()),
    path("wallet/red-packets/received", ReceivedRedPackets.as_view()),
    path("wallet/red-packets/waiting", WaitingRedPackets.as_view()),
    path("wallet/red-packets/<str:token>", OneRedPacket.as_view()),
    path("wallet/red-packets/<str:token>/shares", RedPacketShares.as_view()),
    path("wallet/red-packets/<str:token>/open", OpenRedPacket.as_view()),
]
