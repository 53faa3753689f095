"""What a ticket can be about, how it reached us, and the lines along which it moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketKind(models.TextChoices):
    QUESTION = "QUESTION", _("使用咨询")
    PAYMENT = "PAYMENT", _("支付与余额")
    REFUND = "REFUND", _("退款")
    WITHDRAWAL = "WITHDRAWAL", _("提现")
    COUPON = "COUPON", _("优惠券与积分")
    ACCOUNT = "ACCOUNT", _("账户与安全")
    APPEAL = "APPEAL", _("冻结与风控申诉")
    COMPLAINT = "COMPLAINT", _("投诉")
    SUGGESTION = "SUGGESTION", _("产品建议")
    FAULT = "FAULT", _("功能异常")
    OTHER = "OTHER", _("其他")


# What people choose themselves; an appeal has a door of its own, because it names what is objected to.
ASKED_KINDS = [(kind.value, kind.label) for kind in TicketKind if kind != TicketKind.APPEAL]


class TicketChannel(models.TextChoices):
    MINI_PROGRAM = "MINI_PROGRAM", _("小程序")
    CHAT = "CHAT", _("在线客服")
    PHONE = "PHONE", _("电话")
    EMAIL = "EMAIL", _("邮件")
    SOCIAL = "SOCIAL", _("社交媒体")
    WECHAT = "WECHAT", _("微信支付投诉")
    SURVEY = "SURVEY", _("低分回访")


class TicketState(models.TextChoices):
    """
    NEW → OPEN when somebody works on it → WAITING for the customer, or back → RESOLVED by us → CLOSED, a
    while after, or by the customer. Whoever is not content reopens what is RESOLVED; what is CLOSED is
    followed up by a new ticket. MERGED is the end of a ticket whose conversation goes on in another one.
    """

    NEW = "NEW", _("待受理")
    OPEN = "OPEN", _("处理中")
    WAITING = "WAITING", _("等待顾客")
    RESOLVED = "RESOLVED", _("已解决")
    CLOSED = "CLOSED", _("已关闭")
    MERGED = "MERGED", _("已合并")


OPEN_STATES = frozenset({TicketState.NEW, TicketState.OPEN, TicketState.WAITING})

OVER = frozenset({TicketState.CLOSED, TicketState.MERGED})

MOVES = {
    TicketState.NEW: (OPEN_STATES - {TicketState.NEW})
    | {TicketState.RESOLVED, TicketState.CLOSED, TicketState.MERGED},
    TicketState.OPEN: {TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED, TicketState.MERGED},
    TicketState.WAITING: {TicketState.OPEN, TicketState.RESOLVED, TicketState.CLOSED, TicketState.MERGED},
    TicketState.RESOLVED: {TicketState.OPEN, TicketState.CLOSED},
}


# What the customer reads in the conversation when it moves there.
TOLD = {
    TicketState.OPEN: _("客服正在处理您的问题"),
    TicketState.RESOLVED: _("我们已给出处理结果。如仍有疑问，直接回复即可继续处理"),
    TicketState.CLOSED: _("工单已关闭"),
}


class Priority(models.IntegerChoices):
    """Smaller is more urgent, so that a queue sorts by it."""

    EMERGENCY = 0, _("紧急")
    HIGH = 1, _("高")
    NORMAL = 2, _("普通")
    LOW = 3, _("低")


class Voice(models.TextChoices):
    """Who speaks in a conversation; a NOTE is read by staff alone."""

    CUSTOMER = "CUSTOMER", _("顾客")
    AGENT = "AGENT", _("客服")
    SYSTEM = "SYSTEM", _("系统")
    NOTE = "NOTE", _("内部备注")


HEARD_VOICES = [(voice.value, voice.label) for voice in Voice if voice != Voice.NOTE]

# Where what somebody says leads, from where it is; anything else stays.
AFTER_WORDS = {
    Voice.CUSTOMER: {TicketState.WAITING: TicketState.OPEN, TicketState.RESOLVED: TicketState.OPEN},
    Voice.AGENT: {TicketState.NEW: TicketState.WAITING, TicketState.OPEN: TicketState.WAITING},
}
