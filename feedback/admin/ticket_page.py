"""A ticket, whole: what was said on the left, whom and what it is about on the right."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from feedback.admin import panels
from feedback.admin.agents import agent_at
from feedback.admin.attachments import show_pictures
from feedback.admin.clocks import mark_due
from feedback.admin.complaint_panel import complaint, show_arrivals
from feedback.models import Ticket, TicketMessage
from feedback.rules.tickets import OPEN_STATES, OVER, TicketState, Voice
from feedback.selectors.attachments import of_messages
from feedback.selectors.canned_replies import replies_for
from feedback.selectors.complaints import is_over_in_wechat
from feedback.selectors.desk import known_subject_of
from feedback.selectors.presence import others_at
from feedback.selectors.tickets import conversation_of, what_the_customer_reads
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.admin import staff_id

# What stands on the right, from above.
PANELS: tuple[panels.PanelOf, ...] = (
    panels.chat,
    panels.promises,
    complaint,
    panels.about,
    panels.actions,
    panels.customer,
    panels.money,
    panels.ratings,
    panels.other_tickets,
    panels.recent_records,
)
# What stands below the words of a message: of several messages at once, the id of each that has any → what.
MESSAGE_PARTS: tuple[Callable[[list[TicketMessage]], dict[int, SafeString]], ...] = (
    lambda said: {
        message_id: show_pictures(pictures)
        for message_id, pictures in of_messages(message.pk for message in said).items()
    },
    show_arrivals,
)

# What stands beside its state.
MARKS: tuple[Callable[[Ticket], SafeString | str], ...] = (mark_due,)

_SHOWN = 200  # of the newest messages, unless all are asked for

# Where a ticket may go from the composer: the button with words, and without any from each state.
_THEN = (
    (TicketState.RESOLVED, "发送并解决", dict.fromkeys(OPEN_STATES, "标为已解决")),
    (
        TicketState.OPEN,
        "发送，仍由我们处理",
        {
            TicketState.NEW: "开始处理",
            TicketState.WAITING: "改为处理中",
            TicketState.RESOLVED: "重新打开",
            TicketState.OPEN: "",
        },
    ),
    (TicketState.CLOSED, "发送并关闭", dict.fromkeys(OPEN_STATES | {TicketState.RESOLVED}, "关闭")),
)


def show_ticket(
    request: HttpRequest,
    ticket: Ticket,
    *,
    may_work: bool,
    draft: dict[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """`draft`: what could not be sent, to be looked over and sent again."""
    agent, about, is_over = agent_at(request), known_subject_of(ticket), is_over_in_wechat(ticket.pk)
    # Of one's own matter one reads no more than any other customer.
    is_own = ticket.user_id in agent.own_user_ids
    whole = what_the_customer_reads(ticket.pk) if is_own else conversation_of(ticket.pk)
    hidden = 0 if "all" in request.GET else max(whole.count() - _SHOWN, 0)
    said = list(whole.select_related("author")[hidden:])
    parts = [part(said) for part in MESSAGE_PARTS]
    if ticket.user_id:
        record_audit(action="accounts.pii.viewed", subject=f"user:{ticket.user_id}", facts={"page": "工单"})
    return TemplateResponse(
        request,
        "admin/feedback/ticket.html",
        {
            **admin.site.each_context(request),
            "title": ticket.subject,
            "ticket": ticket,
            "colour": panels.STATE_COLOURS.get(ticket.state),
            "marks": [mark for tell in MARKS if (mark := tell(ticket))],
            "hidden": hidden,
            "lines": [_line(message, [part.get(message.pk) for part in parts]) for message in said],
            "seen_id": max((message.pk for message in said), default=0),
            "client_id": uuid.uuid4(),
            "draft": draft or {},
            "may_work": may_work,
            "may_write": may_work and ticket.state not in OVER,
            "may_reply": may_work and ticket.state not in OVER and not (is_over and ticket.user_id is None),
            "reply_to": "回复顾客（仅小程序，微信投诉已完结）" if is_over else "回复顾客",
            "replies": replies_for(ticket, about=about, agent_name=agent.nickname) if may_work else [],
            "thens": [
                {"state": to, "send": send, "move": moves[TicketState(ticket.state)]}
                for to, send, moves in _THEN
                if ticket.state in moves
            ],
            "panels": [panel for show in PANELS if (panel := show(request, ticket))],
            **context,
        },
    )


def show_pulse(request: HttpRequest, ticket: Ticket, *, seen_id: int) -> HttpResponse:
    """Who else is here, and whether there is something new to read."""
    who, now = staff_id(request), clock.now()
    news = conversation_of(ticket.pk).filter(pk__gt=seen_id, voice__in=[Voice.CUSTOMER, Voice.AGENT])
    return TemplateResponse(
        request,
        "admin/feedback/pulse.html",
        {"others": others_at(ticket.pk, but=who, at=now), "news": news.exclude(author=who).count()},
    )


def _line(message: TicketMessage, parts: list[SafeString | None]) -> dict[str, Any]:
    """The badge is ours and says who speaks, whatever they call themselves."""
    return {
        "voice": message.voice.lower(),
        "badge": message.get_voice_display(),
        "name": message.author.nickname if message.author else "",
        "at": message.at,
        "body": message.body,
        "parts": [part for part in parts if part],
    }
