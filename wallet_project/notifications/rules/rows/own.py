"""What we tell people by ourselves: offers, announcements, and that we have not seen them for a while."""

from wallet_project.notifications.rules.notices import Category, ChannelKind, NoticeRow
from wallet_project.notifications.rules.variables import day, text

_PUSHED = (ChannelKind.INBOX, ChannelKind.SUBSCRIBE)
_WORDS = {"title": text("标题", "周末立减"), "body": text("正文", "本周末到店支付立减 5 元。")}

ROWS = (
    NoticeRow(
        code="notifications.offer",
        category=Category.GROWTH,
        title="群发：优惠活动",
        channels=_PUSHED,
        variables=_WORDS,
        zh=("{title}", "{body}"),
        en=("{title}", "{body}"),
    ),
    NoticeRow(
        code="notifications.announcement",
        category=Category.SERVICE,
        title="群发：服务公告",
        channels=_PUSHED,
        variables=_WORDS,
        zh=("{title}", "{body}"),
        en=("{title}", "{body}"),
    ),
    NoticeRow(
        code="notifications.missed",
        category=Category.GROWTH,
        title="久未到访",
        channels=_PUSHED,
        variables={"since": day("上次到访")},
        zh=("好久不见", "您上次到访是 {since}，最近有新的优惠，欢迎回来看看。"),
        en=(
            "We have missed you",
            "You were last here on {since}. There are new offers; come and have a look.",
        ),
        link="pages/home/index",
    ),
)
