"""What an article can explain, and which words of a question say something."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Feature(models.TextChoices):
    """What a page of the mini-program is for: its operation guide is the article that says so."""

    TOP_UP = "top_up", _("充值")
    PAY = "pay", _("付款")
    REFUND = "refund", _("退款")
    WITHDRAW = "withdraw", _("提现")
    TRANSFER = "transfer", _("转账")
    RED_PACKET = "red_packet", _("红包")
    REQUEST = "request", _("收款与 AA")
    BILLS = "bills", _("生活缴费")
    RECORDS = "records", _("账单与对账单")
    COUPONS = "coupons", _("优惠券")
    POINTS = "points", _("积分")
    MEMBERSHIP = "membership", _("会员")
    INVITE = "invite", _("邀请好友")
    REAL_NAME = "real_name", _("实名认证")
    PIN = "pin", _("支付密码")
    PHONE = "phone", _("手机号")
    CLOSURE = "closure", _("注销账户")
    SUPPORT = "support", _("联系客服")


# Everybody's words, which every article has and which find nothing.
_SAY_NOTHING = frozenset(
    (
        *("怎么", "怎样", "怎么办", "怎么样", "如何", "什么", "为什么", "时候", "请问", "问题", "需要"),
        *("可以", "不能", "是不是", "没有", "还有", "一下", "一个", "我们", "你们", "这个", "那个"),
        *("the", "an", "is", "are", "do", "does", "can", "how", "what", "why", "my", "to", "of", "in"),
        *("on", "for", "and", "not", "it"),
    )
)


def telling(words: Iterable[str]) -> list[str]:
    """
    Those words of a question by which an article can be found, each once; at most twenty. A character alone
    says too much and too little, unless there is nothing else.
    """
    said = list(dict.fromkeys(words))
    longer = [word for word in said if word not in _SAY_NOTHING and len(word) > 1]
    return (longer or said)[:20]


def with_synonyms(text: str, groups: Iterable[list[str]]) -> str:
    """The question, and after it whatever else people call what it names."""
    folded = text.casefold()
    others = [
        word
        for group in groups
        if any(word in folded for word in group)
        for word in group
        if word not in folded
    ]
    return " ".join([text, *others])
