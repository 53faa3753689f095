"""Complaints in WeChat: by when they are answered, who speaks in their history, what we say back."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.rules.tickets import Voice

# What WeChat expects of a merchant, day and night.
ANSWERED_WITHIN = timedelta(hours=24)
SOLVED_WITHIN = timedelta(hours=72)

LONGEST_PART = 200
UNREAD_TRIES = 3  # after so many a person must know of it, whatever it says
UNFIT_TRIES = 8  # after so many (an hour) what we fail at ourselves waits for a person
_PAUSES = (30, 60, 120, 300, 600, 1800)


class ComplaintState(models.TextChoices):
    """As WeChat has it; NOTICED while we only know that there is one."""

    NOTICED = "NOTICED", _("待读取")
    PENDING = "PENDING", _("待处理")
    PROCESSING = "PROCESSING", _("处理中")
    PROCESSED = "PROCESSED", _("已处理完成")


class TellingKind(models.TextChoices):
    RESPONSE = "RESPONSE", _("回复投诉人")
    COMPLETE = "COMPLETE", _("反馈处理完成")
    PROMISE = "PROMISE", _("同意退款")
    REFUSAL = "REFUSAL", _("拒绝退款")


class TellingState(models.TextChoices):
    """
    WAITING until WeChat has it, however long; REFUSED by WeChat; UNFIT when we ourselves failed so often that
    nobody knows; NEEDLESS when things changed before.
    """

    WAITING = "WAITING", _("待送达")
    SENT = "SENT", _("已送达")
    REFUSED = "REFUSED", _("微信未接受")
    UNFIT = "UNFIT", _("未能写入")
    NEEDLESS = "NEEDLESS", _("不再需要")


REPEATABLE = (TellingState.REFUSED, TellingState.UNFIT)
"""What a person has told again."""


# How WeChat's history calls what we told it.
STEP_OF = {
    TellingKind.RESPONSE: "MERCHANT_RESPONSE",
    TellingKind.COMPLETE: "MERCHANT_CONFIRM_COMPLETE",
    TellingKind.PROMISE: "MERCHANT_APPROVE_REFUND",
    TellingKind.REFUSAL: "MERCHANT_REFUSE_RERUND",
}

FIRST_STEP = "USER_CREATE_COMPLAINT"
# operate_type → whose words these are, and what they mean (doc 4012289719; the spelling is WeChat's). What
# needs an answer is the customer's voice, since that opens a ticket again; the rest is for us to know.
STEPS = {
    "USER_CONTINUE_COMPLAINT": (Voice.CUSTOMER, _("继续投诉")),
    "USER_RESPONSE": (Voice.CUSTOMER, _("投诉人留言")),
    "USER_CLICK_RESPONSE": (Voice.CUSTOMER, _("投诉人留言")),
    "USER_APPLY_PLATFORM_HELP": (Voice.CUSTOMER, _("申请微信支付协助")),
    "USER_APPLY_PLATFORM_SERVICE": (Voice.CUSTOMER, _("申请微信支付客服介入")),
    "PLATFORM_HELP_APPLICATION": (Voice.CUSTOMER, _("申请微信支付协助")),
    "USER_CANCEL_PLATFORM_SERVICE": (Voice.NOTE, _("投诉人取消了微信支付客服介入")),
    "PLATFORM_SERVICE_FINISHED": (Voice.NOTE, _("微信支付客服已结束介入")),
    "PLATFORM_RESPONSE": (Voice.NOTE, _("微信支付客服回复")),
    "USER_REVOKE_COMPLAINT": (Voice.NOTE, _("投诉人撤销了投诉")),
    "USER_COMFIRM_COMPLAINT": (Voice.NOTE, _("投诉人确认问题已解决")),
    "USER_SUBMIT_SATISFACTION": (Voice.NOTE, _("投诉人评价")),
    "MERCHANT_RESPONSE": (Voice.AGENT, _("商户平台回复")),
    "MERCHANT_CONFIRM_COMPLETE": (Voice.NOTE, _("已反馈处理完成")),
    "MERCHANT_APPROVE_REFUND": (Voice.NOTE, _("已同意退款")),
    "MERCHANT_REFUSE_RERUND": (Voice.NOTE, _("已拒绝退款")),
    "USER_CREATE_COMPLAINT_SYSTEM_MESSAGE": (Voice.NOTE, _("系统消息")),
    "USER_CONTINUE_COMPLAINT_SYSTEM_MESSAGE": (Voice.NOTE, _("系统消息")),
    "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE": (Voice.NOTE, _("订单已全额退款")),
    "COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE": (Voice.NOTE, _("订单已部分退款")),
    "COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE": (Voice.NOTE, _("退款已到账")),
    "COMPLAINT_ENTRUSTED_REFUND_SYSTEM_MESSAGE": (Voice.NOTE, _("微信支付代为退款")),
    "SERVICE_ORDER_CANCEL": (Voice.NOTE, _("服务订单已取消")),
    "SERVICE_ORDER_COMPLETE": (Voice.NOTE, _("服务订单已完成")),
}


def words_of_step(kind: str, text: str) -> tuple[Voice, str]:
    """Who says what in our conversation. What WeChat adds one day is a note that names it."""
    voice, label = STEPS.get(kind, (Voice.NOTE, kind))
    return voice, f"【{label}】{text}".strip()


def parts_of(text: str) -> list[str]:
    """An answer in pieces that WeChat takes, cut where a sentence or a line ends if one does."""
    parts, rest = [], text.strip()
    while len(rest) > LONGEST_PART:
        window = rest[:LONGEST_PART]
        cut = max(window.rfind(mark) for mark in "\n。！？；，") + 1 or LONGEST_PART
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [part for part in [*parts, rest] if part]


def next_try(*, at: datetime, tried: int) -> datetime:
    """WeChat is asked or told again, at last every half hour, for as long as it takes."""
    return at + timedelta(seconds=_PAUSES[min(tried, len(_PAUSES) - 1)])
