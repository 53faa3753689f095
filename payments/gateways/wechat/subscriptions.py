"""What a push says of subscribe messages (mini-program doc: 订阅消息, 事件推送)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from payments.gateways.wechat.errors import UnreadableNotice
from payments.gateways.wechat.pushes import Push, moment

POPUP = "subscribe_msg_popup_event"
CHANGE = "subscribe_msg_change_event"
SENT = "subscribe_msg_sent_event"
EVENTS = {POPUP, CHANGE, SENT}

# In XML the list stands inside an element of the event's name.
_INSIDE = {POPUP: "SubscribeMsgPopupEvent", CHANGE: "SubscribeMsgChangeEvent", SENT: "SubscribeMsgSentEvent"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """Of one template: whether it was accepted, or, of a message that was sent, what became of it."""

    template_id: str
    is_accepted: bool
    message_id: str
    error: str  # "" where it arrived


@dataclass(frozen=True, kw_only=True)
class SubscriptionPush:
    openid: str
    at: datetime
    lines: list[Line]


def read_subscriptions(push: Push) -> SubscriptionPush:
    """
    :raises UnreadableNotice: not as the document says
    """
    openid, at = push.fields.get("FromUserName"), moment(push.fields, "CreateTime")
    inside = push.fields.get(_INSIDE[push.event])
    found = (inside if isinstance(inside, dict) else push.fields).get("List")
    told = found if isinstance(found, list) else [found]
    if not isinstance(openid, str) or not openid or at is None:
        raise UnreadableNotice("no person, or no time")
    return SubscriptionPush(openid=openid, at=at, lines=[_line(push.event, each) for each in told])


def _line(event: str, told: Any) -> Line:
    template_id = told.get("TemplateId") if isinstance(told, dict) else None
    if not isinstance(template_id, str) or not template_id:
        raise UnreadableNotice("no template")
    if event == SENT:
        code, message_id = str(told.get("ErrorCode", "")), str(told.get("MsgID", ""))
        if not code or not message_id:
            raise UnreadableNotice("no message, or no result")
        return Line(
            template_id=template_id[:64],
            is_accepted=False,
            message_id=message_id[:64],
            error="" if code == "0" else f"{code} {told.get('ErrorStatus', '')}"[:64],
        )
    status = str(told.get("SubscribeStatusString", ""))
    if status not in ("accept", "reject"):
        raise UnreadableNotice("neither accepted nor rejected")
    return Line(template_id=template_id[:64], is_accepted=status == "accept", message_id="", error="")
