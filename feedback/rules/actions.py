"""
What can be put right from a ticket, how that goes, and what one person may give alone.

    PROPOSED → DONE | REFUSED      a second person decides
    UNDER_WAY → DONE | FAILED      WeChat decides
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from wallet_project.kit.money import Fen


class ActionKind(TextChoices):
    REFUND = "REFUND", _("订单退款")
    WITHDRAWAL = "WITHDRAWAL", _("退回提现")
    RENEWAL = "RENEWAL", _("补发优惠券")
    COUPON = "COUPON", _("赠送优惠券")
    POINTS = "POINTS", _("补偿积分")
    CREDIT = "CREDIT", _("补偿赠金")
    WALLET = "WALLET", _("申请解冻钱包")
    ACCOUNT = "ACCOUNT", _("申请解冻账户")
    RECEIPT = "RECEIPT", _("重发电子回单")


class ActionState(TextChoices):
    PROPOSED = "PROPOSED", _("待审批")
    UNDER_WAY = "UNDER_WAY", _("办理中")
    DONE = "DONE", _("已办理")
    REFUSED = "REFUSED", _("未获批准")
    FAILED = "FAILED", _("未能办成")


ACTION_MOVES = {
    ActionState.PROPOSED: {ActionState.DONE, ActionState.REFUSED},
    ActionState.UNDER_WAY: {ActionState.DONE, ActionState.FAILED},
}
OPEN_ACTIONS = tuple(ACTION_MOVES)

# What these give is ours: it is counted in fen (a point is one), and limited.
GOODWILL = (ActionKind.RENEWAL, ActionKind.COUPON, ActionKind.POINTS, ActionKind.CREDIT)
COUNTED = (ActionState.PROPOSED, ActionState.DONE)

# Whoever may do it; a door asks.
PERMISSIONS = {
    ActionKind.REFUND: "payments.start_orderrefund",
    ActionKind.WITHDRAWAL: "feedback.act_for_customer",
    ActionKind.WALLET: "feedback.act_for_customer",
    ActionKind.ACCOUNT: "feedback.act_for_customer",
    ActionKind.RECEIPT: "feedback.act_for_customer",
    **dict.fromkeys(GOODWILL, "feedback.give_goodwill"),
}


def takes_two(amount: Fen, *, given: Fen, alone_up_to: Fen) -> bool:
    """Whoever gives in pieces is looked at as for the whole: `given` is what this customer had of late."""
    return given + amount > alone_up_to
