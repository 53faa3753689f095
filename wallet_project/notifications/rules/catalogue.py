"""
Everything that people may be told of. Staff edit the texts and channels of a notice, which begin as they are
here; its code, its category and the facts that it may speak of are the program's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wallet_project.notifications.rules.notices import Category, ChannelKind
from wallet_project.notifications.rules.variables import Variable, moment, money, number, text

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


_INBOX, _SUBSCRIBE, _SMS = ChannelKind.INBOX, ChannelKind.SUBSCRIBE, ChannelKind.SMS

_ROWS = (
    NoticeRow(
        code="payments.order_paid",
        category=Category.MONEY,
        title="订单已支付",
        channels=(_INBOX, _SUBSCRIBE),
        zh=("支付成功", "您在{place}支付了 {amount} 元，支付时间 {at}。"),
        en=("Payment successful", "You paid {amount} yuan at {place} on {at}."),
        link="pages/orders/show?number={order_no}",
        is_urgent=True,
        variables={
            "amount": money("订单金额"),
            "place": text("在哪里消费", "人民路店"),
            "at": moment("支付时间"),
            "order_no": text("订单号", "O261129083000123X7Q4K0M2Z9XWD8"),
        },
    ),
    NoticeRow(
        code="accounts.new_device",
        category=Category.SECURITY,
        title="新设备登录",
        channels=(_INBOX, _SMS, _SUBSCRIBE),
        zh=(
            "新设备登录提醒",
            "您的钱包于 {at} 在新设备 {device} 上登录。若非本人操作，请立即在“设备管理”中移除该设备。",
        ),
        en=(
            "New device",
            "Your wallet was opened on a new device, {device}, on {at}. If this was not you, remove it under"
            " Devices now.",
        ),
        link="pages/security/devices",
        variables={"at": moment("登录时间"), "device": text("设备", "iPhone 17")},
        sms="new_device",
    ),
    NoticeRow(
        code="coupons.coupons_expiring",
        category=Category.GROWTH,
        title="优惠券即将到期",
        channels=(_INBOX, _SUBSCRIBE),
        zh=("优惠券即将到期", "您有 {count} 张优惠券将于 {at} 到期，别忘了使用。"),
        en=("Coupons about to expire", "{count} of your coupons expire on {at}."),
        link="pages/coupons/list",
        variables={"count": number("张数"), "at": moment("最早到期时间")},
    ),
)

CATALOGUE: dict[str, NoticeRow] = {row.code: row for row in _ROWS}
