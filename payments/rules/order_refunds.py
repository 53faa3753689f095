"""
Refunds of orders move along these lines and no others.

    REVIEW → REJECTED | WITHDRAWN            a person says no, or whoever asked takes it back
    REVIEW → PROCESSING | SUCCEEDED          decided: the wallet has its part; WeChat is asked for the rest
    PROCESSING → SUCCEEDED | DELAYED
    DELAYED → PROCESSING | SUCCEEDED         WeChat did not do it, or cannot reach the payer: a person helps
"""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# WeChat takes this many refunds of one payment (doc 4012791862).
REFUNDS_PER_ORDER = 50
# Apart by this much, each (the same document).
REFUND_SPACING = timedelta(seconds=60)
# Somebody who was told no may ask again, this often.
SECOND_THOUGHTS = 1


class OrderRefundState(TextChoices):
    REVIEW = "REVIEW", _("待审核")
    PROCESSING = "PROCESSING", _("退款中")
    SUCCEEDED = "SUCCEEDED", _("已退款")
    DELAYED = "DELAYED", _("退款受阻，正在处理")
    REJECTED = "REJECTED", _("未通过")
    WITHDRAWN = "WITHDRAWN", _("已撤回")


ORDER_REFUND_MOVES = {
    OrderRefundState.REVIEW: {
        OrderRefundState.PROCESSING,
        OrderRefundState.SUCCEEDED,
        OrderRefundState.REJECTED,
        OrderRefundState.WITHDRAWN,
    },
    OrderRefundState.PROCESSING: {OrderRefundState.SUCCEEDED, OrderRefundState.DELAYED},
    OrderRefundState.DELAYED: {OrderRefundState.PROCESSING, OrderRefundState.SUCCEEDED},
}
UNDER_WAY = (OrderRefundState.REVIEW, OrderRefundState.PROCESSING, OrderRefundState.DELAYED)
# Nothing goes back: what was reserved for it is free again.
GIVEN_UP = (OrderRefundState.REJECTED, OrderRefundState.WITHDRAWN)


class RefundOrigin(TextChoices):
    CUSTOMER = "CUSTOMER", _("顾客申请")
    SHOP = "SHOP", _("商家发起")
    STAFF = "STAFF", _("客服发起")


class RefundReason(TextChoices):
    UNWANTED = "UNWANTED", _("不想要了")
    WRONG_AMOUNT = "WRONG_AMOUNT", _("付错或多付")
    NOT_RECEIVED = "NOT_RECEIVED", _("未收到商品或服务")
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED", _("与描述不符")
    DEFECTIVE = "DEFECTIVE", _("质量问题")
    OUT_OF_STOCK = "OUT_OF_STOCK", _("缺货")
    OTHER = "OTHER", _("其他原因")
