"""What a journal is for, and what the customer calls it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JournalKind(TextChoices):
    TOP_UP = "top_up", _("充值")
    ORDER_PAYMENT = "order_payment", _("订单支付")
    ORDER_REFUND = "order_refund", _("订单退款")
    REFUND_SETTLED = "refund_settled", _("退款已到账")
    REFUND_TO_BALANCE = "refund_balance", _("退款转入余额")
    SUSPENSE_IN = "suspense_in", _("待查款项入账")
    SUSPENSE_REFUND = "suspense_refund", _("待查款项退回")
    PAYOUT = "payout", _("余额退回")
    PAYOUT_SETTLED = "payout_settled", _("余额已退回微信")
    PAYOUT_RETURNED = "payout_returned", _("余额退回未成功")
    FORFEITURE = "forfeiture", _("放弃余额")
    REVERSAL = "reversal", _("冲正")
    GRANT = "grant", _("赠送")
    EXPIRY = "expiry", _("到期")
    CLAW_BACK = "claw_back", _("奖励收回")
    PROMISE = "promise", _("发放优惠")
    PROMISE_LAPSED = "promise_lapsed", _("优惠失效")
    TOP_UP_REFUND = "top_up_refund", _("充值退款")
    TRANSFER = "transfer", _("转账")
    RED_PACKET_SENT = "red_packet_sent", _("发红包")
    RED_PACKET_OPENED = "red_packet_opened", _("领红包")
    RED_PACKET_RETURNED = "red_packet_returned", _("红包退回")
    WITHDRAWAL = "withdrawal", _("提现")
    BILL_PAYMENT = "bill_payment", _("生活缴费")
    BILL_RETURNED = "bill_returned", _("缴费退回")
    ADJUSTMENT = "adjustment", _("人工调账")
    SETTLEMENT = "settlement", _("微信结算")
    PARTNER_SHARE = "partner_share", _("合作方分担")
    PARTNER_PAID = "partner_paid", _("合作方付款")


class RecordKind(TextChoices):
    TOP_UP = "top_up", _("充值")
    PAYMENT = "payment", _("付款")
    REFUND = "refund", _("退款")
    REFUND_TO_BALANCE = "refund_balance", _("退款转入余额")
    PAYOUT = "payout", _("余额退回微信")
    PAYOUT_RETURNED = "payout_returned", _("余额退回未成功")
    FORFEITURE = "forfeiture", _("放弃余额")
    GRANT = "grant", _("赠送")
    EXPIRY = "expiry", _("到期")
    CLAW_BACK = "claw_back", _("奖励收回")
    TOP_UP_REFUND = "top_up_refund", _("充值退款")
    TRANSFER_OUT = "transfer_out", _("转账")
    TRANSFER_IN = "transfer_in", _("收到转账")
    RED_PACKET_OUT = "red_packet_out", _("发红包")
    RED_PACKET_IN = "red_packet_in", _("收到红包")
    RED_PACKET_RETURNED = "red_packet_back", _("红包退回")
    WITHDRAWAL = "withdrawal", _("提现")
    BILL = "bill", _("生活缴费")
    BILL_RETURNED = "bill_returned", _("缴费退回")
    ADJUSTMENT_IN = "adjustment_in", _("调账转入")
    ADJUSTMENT_OUT = "adjustment_out", _("调账转出")


class Colour(TextChoices):
    """The three kinds of money in a wallet, each an account of its own."""

    PRINCIPAL = "principal", _("本金")
    BONUS = "bonus", _("赠金")
    CASHBACK = "cashback", _("返现")


class Direction(TextChoices):
    IN = "in", _("收入")
    OUT = "out", _("支出")


DIRECTIONS = {
    RecordKind.TOP_UP: Direction.IN,
    RecordKind.PAYMENT: Direction.OUT,
    RecordKind.REFUND: Direction.IN,
    RecordKind.REFUND_TO_BALANCE: Direction.IN,
    RecordKind.PAYOUT: Direction.OUT,
    RecordKind.PAYOUT_RETURNED: Direction.IN,
    RecordKind.FORFEITURE: Direction.OUT,
    RecordKind.GRANT: Direction.IN,
    RecordKind.EXPIRY: Direction.OUT,
    RecordKind.CLAW_BACK: Direction.OUT,
    RecordKind.TOP_UP_REFUND: Direction.OUT,
    RecordKind.TRANSFER_OUT: Direction.OUT,
    RecordKind.TRANSFER_IN: Direction.IN,
    RecordKind.RED_PACKET_OUT: Direction.OUT,
    RecordKind.RED_PACKET_IN: Direction.IN,
    RecordKind.RED_PACKET_RETURNED: Direction.IN,
    RecordKind.WITHDRAWAL: Direction.OUT,
    RecordKind.BILL: Direction.OUT,
    RecordKind.BILL_RETURNED: Direction.IN,
    RecordKind.ADJUSTMENT_IN: Direction.IN,
    RecordKind.ADJUSTMENT_OUT: Direction.OUT,
}


class MoveKind(TextChoices):
    """What a customer does with money, as limits and fees know it."""

    TOP_UP = "top_up", _("充值")
    PAY = "pay", _("余额支付")
    TRANSFER = "transfer", _("转账")
    RED_PACKET = "red_packet", _("发红包")
    WITHDRAW = "withdraw", _("提现")
    BILL = "bill", _("生活缴费")
