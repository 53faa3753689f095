from payments.models.billers import Biller
from payments.models.bills import BillPayment
from payments.models.cases import ExceptionCase
from payments.models.order_refunds import OrderRefund, OrderRefundPart, OrderSource
from payments.models.orders import Order, OrderLine
from payments.models.payees import BillPayee
from payments.models.payments import Payment
from payments.models.receipts import CallbackReceipt, RejectedCallback
from payments.models.refunds import Refund
from payments.models.stores import ShopNonce, ShopSystem, Store
from payments.models.token_buckets import TokenBucket

__all__ = [
    "BillPayee",
    "BillPayment",
    "Biller",
    "CallbackReceipt",
    "ExceptionCase",
    "Order",
    "OrderLine",
    "OrderRefund",
    "OrderRefundPart",
    "OrderSource",
    "Payment",
    "Refund",
    "RejectedCallback",
    "ShopNonce",
    "ShopSystem",
    "Store",
    "TokenBucket",
]
