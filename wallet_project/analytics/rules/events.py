"""
What may happen: a closed list of names, of whoever makes them known and of what each may carry.

Nothing here tells who somebody is: amounts (fen), choices, and words of the mini-program's own making.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices

MOST_AT_ONCE = 50
# What a phone kept while it had no network is still worth knowing; older than that, or from the future, its
# clock is wrong.
OLDEST = timedelta(days=7)


class Feature(TextChoices):
    """What is used: the mini-program's screens, and what people do there."""

    HOME = "home", "首页"
    PAY = "pay", "付款"
    ORDERS = "orders", "订单"
    TOP_UP = "top_up", "充值"
    WITHDRAW = "withdraw", "提现"
    TRANSFER = "transfer", "转账"
    RED_PACKET = "red_packet", "红包"
    REQUEST = "request", "收款与 AA"
    BILLS = "bills", "生活缴费"
    RECORDS = "records", "账单"
    ANALYSIS = "analysis", "收支分析"
    COUPONS = "coupons", "优惠券"
    POINTS = "points", "积分"
    MEMBERSHIP = "membership", "会员"
    CAMPAIGN = "campaign", "活动"
    INBOX = "inbox", "消息"
    SUPPORT = "support", "客服"
    SURVEY = "survey", "问卷"
    SECURITY = "security", "安全与设置"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """
    An event of the outbox: `who` names the part of its payload that says whose it is ("": nobody's), `keeps`
    the parts that are kept. `visit`: the person did it themselves, so they were here.
    """

    event: str
    name: str
    who: str = "user_id"
    keeps: tuple[str, ...] = ()
    visit: bool = True
    feature: Feature | None = None


HEARD = (
    Heard(event="accounts.user.registered", name="registered"),
    Heard(event="accounts.user.signed_in", name="signed_in", keeps=("method", "is_new_device")),
    Heard(event="accounts.phone.bound", name="phone_bound"),
    Heard(event="accounts.pin.set", name="pin_set", feature=Feature.SECURITY),
    Heard(
        event="accounts.kyc.level_changed",
        name="level_changed",
        keeps=("old_level", "new_level"),
        visit=False,
    ),
    Heard(event="accounts.onboarding.finished", name="onboarded"),
    Heard(event="accounts.account.closed", name="closed", who="", visit=False),
    Heard(event="wallet.top_up.credited", name="topped_up", keeps=("amount",), feature=Feature.TOP_UP),
    Heard(event="wallet.withdrawal.requested", name="withdrew", keeps=("amount",), feature=Feature.WITHDRAW),
    Heard(
        event="wallet.transfer.sent",
        name="transferred",
        who="sender_id",
        keeps=("amount",),
        feature=Feature.TRANSFER,
    ),
    Heard(
        event="wallet.transfer.waiting",
        name="transferred",
        who="sender_id",
        keeps=("amount",),
        feature=Feature.TRANSFER,
    ),
    Heard(
        event="wallet.red_packet.sent",
        name="packet_sent",
        who="sender_id",
        keeps=("amount", "count"),
        feature=Feature.RED_PACKET,
    ),
    Heard(
        event="wallet.red_packet.opened",
        name="packet_opened",
        keeps=("amount",),
        feature=Feature.RED_PACKET,
    ),
    Heard(
        event="wallet.request.made",
        name="asked_for_money",
        who="requester_id",
        keeps=("amount",),
        feature=Feature.REQUEST,
    ),
    Heard(
        event="wallet.split.begun",
        name="split_begun",
        who="organiser_id",
        keeps=("total",),
        feature=Feature.REQUEST,
    ),
    Heard(
        event="payments.order.paid",
        name="paid",
        who="payer_id",
        keeps=("amount", "discount", "from_balance", "from_channel"),
        feature=Feature.PAY,
    ),
    Heard(
        event="payments.order_refund.requested",
        name="refund_requested",
        who="payer_id",
        keeps=("amount", "origin"),
        visit=False,  # the shop asks for some of them
    ),
    Heard(event="payments.bill.paid", name="bill_paid", keeps=("amount", "biller"), feature=Feature.BILLS),
    Heard(event="coupons.coupon.issued", name="coupon_issued", keeps=("template_id",), visit=False),
    Heard(event="feedback.survey.answered", name="survey_answered", feature=Feature.SURVEY),
)

# The first of each is a step of whoever is new.
STEPS = {
    "registered": "registered_on",
    "phone_bound": "phone_on",
    "topped_up": "topped_up_on",
    "paid": "paid_on",
}

_Check = Callable[[object], bool]


def _one_of(*words: str) -> _Check:
    return lambda value: value in words


def _whole(most: int) -> _Check:
    return lambda value: type(value) is int and 0 <= value <= most


def _word(pattern: str) -> _Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


_SCREEN = _one_of(*Feature.values)
# No digits: neither a phone nor a number of anything fits in.
_TARGET = _word(r"[a-z][a-z_]{0,31}")

CLIENT: Mapping[str, Mapping[str, _Check]] = {
    "opened": {"scene": _whole(9_999)},
    "viewed": {"screen": _SCREEN, "seconds": _whole(86_400)},
    "tapped": {"screen": _SCREEN, "target": _TARGET},
    "shared": {"screen": _SCREEN},
    "failed": {"screen": _SCREEN, "code": _word(r"[A-Z][A-Z_]{0,39}")},
}
"""What the mini-program tells of by itself: name → property → what it may be. `scene` is WeChat's number of
where it was opened from (wx.getLaunchOptionsSync), `code` the error that it was shown."""

VISITS = (*dict.fromkeys(heard.name for heard in HEARD if heard.visit), *CLIENT)
FEATURES = {heard.name: heard.feature for heard in HEARD if heard.feature}


def wrong_properties(name: str, properties: Mapping[str, object]) -> list[str]:
    """Which of them a client event of this name may not carry."""
    known = CLIENT[name]
    return sorted(key for key, value in properties.items() if key not in known or not known[key](value))


def happened_at(said: datetime, *, received: datetime) -> datetime:
    """When it happened, as far as the phone's clock can be believed."""
    return min(max(said, received - OLDEST), received)
