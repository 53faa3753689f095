"""What a journal is for, and what the customer calls it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JournalKind(TextChoices):
    TOP_UP = "top_up", _("充值")
    ORDER_PAYMENT = "order_payment", _("订单支付")
    SUSPENSE_IN = "suspense_in", _("待查款项入账")
    SUSPENSE_REFUND = "suspense_refund", _("待查款项退回")
    REVERSAL = "reversal", _("冲正")


class RecordKind(TextChoices):
    TOP_UP = "top_up", _("充值")
    PAYMENT = "payment", _("付款")
    REFUND = "refund", _("退款")


class Direction(TextChoices):
    IN = "in", _("收入")
    OUT = "out", _("支出")
