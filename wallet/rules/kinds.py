"""What a journal is for, and what the customer calls it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JournalKind(TextChoices):
    TOP_UP = "top_up", _("充值")
    ORDER_PAYMENT = "order_payment", _("订单支付")
    SUSPENSE_IN = "suspense_in", _("待查款项入账")
    SUSPENSE_REFUND = "suspense_refund", _("待查款项退回")
    PAYOUT = "payout", _("余额退回")
    PAYOUT_SETTLED = "payout_settled", _("余额已退回微信")
    PAYOUT_RETURNED = "payout_returned", _("余额退回未成功")
    FORFEITURE = "forfeiture", _("放弃余额")
    REVERSAL = "reversal", _("冲正")


class RecordKind(TextChoices):
    TOP_UP = "top_up", _("充值")
    PAYMENT = "payment", _("付款")
    REFUND = "refund", _("退款")
    PAYOUT = "payout", _("余额退回微信")
    PAYOUT_RETURNED = "payout_returned", _("余额退回未成功")
    FORFEITURE = "forfeiture", _("放弃余额")


class Direction(TextChoices):
    IN = "in", _("收入")
    OUT = "out", _("支出")
