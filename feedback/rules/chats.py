"""How a live chat stands, and when it is over without anybody saying so."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChatState(models.TextChoices):
    """WAITING in line → TALKING with an agent, and back when the agent is gone → ENDED."""

    WAITING = "WAITING", _("排队中")
    TALKING = "TALKING", _("对话中")
    ENDED = "ENDED", _("已结束")


class ChatEnd(models.TextChoices):
    """Why it ended; whatever is not SOLVED goes on in its ticket."""

    SOLVED = "SOLVED", _("已解决")
    TICKET = "TICKET", _("转为工单继续处理")
    CUSTOMER = "CUSTOMER", _("顾客结束")
    LEFT = "LEFT", _("顾客离开")
    NOBODY = "NOBODY", _("没有客服在线")


CHAT_MOVES = {
    ChatState.WAITING: {ChatState.TALKING, ChatState.ENDED},
    ChatState.TALKING: {ChatState.WAITING, ChatState.ENDED},
}

# What the customer is told in the conversation itself.
SAID_AT_END = {
    ChatEnd.SOLVED: _("本次会话已结束，感谢您的咨询。"),
    ChatEnd.TICKET: _("会话已结束，您的问题转为工单继续处理，结果会在工单里答复您。"),
    ChatEnd.CUSTOMER: _("您已结束会话，未办完的事会在工单里继续处理。"),
    ChatEnd.LEFT: _("您已离开会话，未办完的事会在工单里继续处理。"),
    ChatEnd.NOBODY: _("现在没有客服能马上接待您，您的问题已转为工单，我们会尽快答复。"),
}
SAID_WHEN_TAKEN = _("客服已接入，正在为您服务。")
SAID_WHEN_BACK_IN_LINE = _("正在为您转接另一位客服，请稍候。")

LONGEST_MESSAGE = 1_000
CHATS_AN_HOUR = 10  # that one person may open
# A customer's device looks every few seconds; whoever looked so lately is there. A look is written down no
# more often than the other.
IS_HERE = timedelta(seconds=45)
SEEN_AT_MOST_EVERY = timedelta(seconds=10)
CUSTOMER_IS_GONE = timedelta(minutes=5)
WAITS_FOR_NOBODY = timedelta(minutes=2)
WAITS_AT_MOST = timedelta(minutes=20)


def why_over(
    *, state: str, waited: timedelta, customer_away: timedelta, somebody_here: bool
) -> ChatEnd | None:
    """Why nobody has to say that this chat is over; None while it goes on."""
    if customer_away > CUSTOMER_IS_GONE:
        return ChatEnd.LEFT
    if state == ChatState.WAITING and waited > (WAITS_AT_MOST if somebody_here else WAITS_FOR_NOBODY):
        return ChatEnd.NOBODY
    return None
