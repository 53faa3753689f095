"""Payment URLs."""

from django.urls import path

from payments.api.bill_payments import BillPayments, OneBillPayment
from payments.api.bill_queries import BillAccounts, BillQueries, OneBillAccount
from payments.api.billers import Billers
from payments.api.callbacks import BillerCallback, WeChatCallback, WeChatMessages
from payments.api.cards import Cards, OneCard
from payments.api.checkout import PayOrder
from payments.api.funding import OneTopUp, TopUps
from payments.api.merchant import CloseShopOrder, OneShopOrder, ShopOrders
from payments.api.merchant_refunds import OneShopRefund, ShopRefunds
from payments.api.merchant_shipping import ShopShipping
from payments.api.order_refunds import OneOrderRefund, OrderRefunds, WithdrawOrderRefund
from payments.api.orders import CancelOrder, OneOrder, Orders
from payments.api.payouts import ClosurePayout
from payments.api.prices import QuoteOrder
from payments.api.results import OrderResult
from payments.api.top_up_refunds import TopUpRefund
from payments.api.withdrawals import CancelWithdrawal, OneWithdrawal, WithdrawalRoute, Withdrawals

urlpatterns = [
    path("me/closure/payout", ClosurePayout.as_view()),
    path("wallet/top-ups", TopUps.as_view()),
    path("wallet/top-ups/<slug:number>", OneTopUp.as_view()),
    path("wallet/top-ups/<slug:number>/refund", TopUpRefund.as_view()),
    path("wallet/withdrawals", Withdrawals.as_view()),
    path("wallet/withdrawals/route", WithdrawalRoute.as_view()),
    path("wallet/withdrawals/<slug:number>", OneWithdrawal.as_view()),
    path("wallet/withdrawals/<slug:number>/cancel", CancelWithdrawal.as_view()),
    path("orders", Orders.as_view()),
    path("orders/<slug:number>", OneOrder.as_view()),
    path("orders/<slug:number>/result", OrderResult.as_view()),
    path("orders/<slug:number>/quote", QuoteOrder.as_view()),
    path("orders/<slug:number>/pay", PayOrder.as_view()),
    path("orders/<slug:number>/cancel", CancelOrder.as_view()),
    path("orders/<slug:number>/refunds", OrderRefunds.as_view()),
    path("orders/<slug:number>/refunds/<slug:refund>", OneOrderRefund.as_view()),
    path("orders/<slug:number>/refunds/<slug:refund>/withdraw", WithdrawOrderRefund.as_view()),
    path("billers", Billers.as_view()),
    path("cards", Cards.as_view()),
    path("cards/<slug:payee>", OneCard.as_view()),
    path("bill-queries", BillQueries.as_view()),
    path("bill-accounts", BillAccounts.as_view()),
    path("bill-accounts/<slug:payee>", OneBillAccount.as_view()),
    path("bill-payments", BillPayments.as_view()),
    path("bill-payments/<slug:number>", OneBillPayment.as_view()),
    path("merchant/orders", ShopOrders.as_view()),
    path("merchant/orders/<slug:number>", OneShopOrder.as_view()),
    path("merchant/orders/<slug:number>/close", CloseShopOrder.as_view()),
    path("merchant/orders/<slug:number>/shipping", ShopShipping.as_view()),
    path("merchant/orders/<slug:number>/refunds", ShopRefunds.as_view()),
    path("merchant/orders/<slug:number>/refunds/<slug:refund>", OneShopRefund.as_view()),
    path("callbacks/wechat/transactions", WeChatCallback.as_view()),
    path("callbacks/wechat/refunds", WeChatCallback.as_view()),
    path("callbacks/wechat/transfers", WeChatCallback.as_view()),
    path("callbacks/wechat/complaints", WeChatCallback.as_view()),
    path("callbacks/wechat/messages", WeChatMessages.as_view()),
    path("callbacks/billers/<slug:biller>", BillerCallback.as_view()),
]
