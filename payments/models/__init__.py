from payments.models.aml import AmlFinding
from payments.models.bill_files import BillFile, BillFilePart, FundLine, TradeLine
from payments.models.billers import Biller
from payments.models.bills import BillPayment
from payments.models.case_rules import CaseRule
from payments.models.cases import ExceptionCase
from payments.models.daily_closes import CloseItem, DailyClose, Difference
from payments.models.order_refunds import OrderRefund, OrderRefundPart, OrderSource
from payments.models.orders import Order, OrderLine
from payments.models.payees import BillPayee
from payments.models.payments import Payment
from payments.models.receipts import CallbackReceipt, RejectedCallback
from payments.models.refunds import Refund
from payments.models.risk_cases import RiskCase, RiskCaseNote
from payments.models.risk_decisions import RiskDecision, RiskMove
from payments.models.risk_lists import RiskListEntry
from payments.models.risk_rules import RiskRule
from payments.models.shipments import Shipment
from payments.models.shop_notifications import ShopNotification, ShopNotificationTry
from payments.models.stores import ShopNonce, ShopSystem, Store
from payments.models.token_buckets import TokenBucket
from payments.models.transfers import MerchantTransfer

__all__ = [
    "AmlFinding",
    "BillFile",
    "BillFilePart",
    "BillPayee",
    "BillPayment",
    "Biller",
    "CallbackReceipt",
    "CaseRule",
    "CloseItem",
    "DailyClose",
    "Difference",
    "ExceptionCase",
    "FundLine",
    "MerchantTransfer",
    "Order",
    "OrderLine",
    "OrderRefund",
    "OrderRefundPart",
    "OrderSource",
    "Payment",
    "Refund",
    "RejectedCallback",
    "RiskCase",
    "RiskCaseNote",
    "RiskDecision",
    "RiskListEntry",
    "RiskMove",
    "RiskRule",
    "Shipment",
    "ShopNonce",
    "ShopNotification",
    "ShopNotificationTry",
    "ShopSystem",
    "Store",
    "TokenBucket",
    "TradeLine",
]
