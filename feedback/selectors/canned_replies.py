"""The replies that fit a ticket, filled in."""

from dataclasses import dataclass

from feedback.models import CannedReply, Ticket
from feedback.rules.canned_replies import fill
from feedback.selectors.subjects import Subject
from wallet_project.kit import clock
from wallet_project.kit.money import yuan


@dataclass(frozen=True, kw_only=True)
class FilledReply:
    title: str
    body: str


def replies_for(ticket: Ticket, *, about: Subject | None, agent_name: str) -> list[FilledReply]:
    """In the customer's language; those made for this kind of ticket come first. One query."""
    values = values_of(ticket, about=about, agent_name=agent_name)
    found = CannedReply.objects.filter(is_active=True, language=ticket.language)
    fitting = [reply for reply in found if not reply.kinds or ticket.kind in reply.kinds]
    fitting.sort(key=lambda reply: not reply.kinds)
    return [FilledReply(title=reply.title, body=fill(reply.body, values)) for reply in fitting]


def values_of(ticket: Ticket, *, about: Subject | None, agent_name: str) -> dict[str, str]:
    """Variable of rules/canned_replies → what it says here; what is not known is left out."""
    values = {"工单号": ticket.number, "客服": agent_name}
    if ticket.user is not None:
        values["顾客"] = ticket.user.nickname
    if about is not None:
        kind, _colon, key = ticket.about.partition(":")
        values |= {
            "业务": f"{about.name}“{about.title}”" if about.title != key else about.name,
            "单号": about.row.reference if kind == "record" else key,
            "金额": yuan(about.amount),
            "状态": about.state,
            "时间": clock.in_words(about.at)[:16],
        }
    return values
