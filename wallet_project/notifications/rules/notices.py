"""What people may be told of, over what, and what they cannot turn off."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from wallet_project.notifications.rules.variables import Variable, variables_of


class Category(models.TextChoices):
    MONEY = "MONEY", _("资金变动")
    SECURITY = "SECURITY", _("账户安全")
    LEGAL = "LEGAL", _("协议与合规")
    SERVICE = "SERVICE", _("服务进展")
    GROWTH = "GROWTH", _("优惠活动")


class ChannelKind(models.TextChoices):
    """INBOX is read when its owner looks; the others push, and reach into people's pockets."""

    INBOX = "INBOX", _("消息中心")
    SUBSCRIBE = "SUBSCRIBE", _("微信订阅消息")
    SMS = "SMS", _("短信")


EXEMPT = (Category.SECURITY, Category.LEGAL)
"""Whoever could turn these off, or miss them at night, could be robbed, or bound to what they never read."""

_PAGE = re.compile(r"pages(/[a-z0-9_-]+)+(\?[a-z0-9_]+=[^=&?#/\s]+(&[a-z0-9_]+=[^=&?#/\s]+)*)?")


def is_page(link: str) -> bool:
    """A page of the mini-program: pages/orders/show?number={order_no}. A variable is a value, no path."""
    return bool(_PAGE.fullmatch(link)) and not variables_of(link.partition("?")[0])


Text = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """
    `code` is "app.what_happened", `title` what staff call it. INBOX among the `channels` keeps the message;
    of the others the first that reaches the person, in this order. `is_urgent` does not wait for the morning:
    the answer to what somebody has just done. `zh` and `en` are title and body.
    """

    code: str
    category: Category
    title: str
    channels: tuple[ChannelKind, ...]
    zh: Text
    en: Text
    link: str = ""
    is_urgent: bool = False
    variables: Mapping[str, Variable] = field(default_factory=dict)
    sms: str = ""  # of kit.sms.messages.TEXTS; where SMS is among the channels
