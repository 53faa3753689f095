"""Tickets that somebody puts something right from, and whoever does."""

import uuid

from accounts.models import User
from feedback.models import GoodwillDay, Ticket, TicketMessage
from feedback.services.actions import Wish
from feedback.tests.factories import opened
from payments.tests.factories import staff_member


def ticket_of(user: User | None, *, about: str = "") -> Ticket:
    return opened(user_id=user.pk if user else None, about=about)


def wish(ticket: Ticket, *, agent: User | None = None, key: str = "") -> Wish:
    return Wish(
        ticket_id=ticket.pk,
        agent_id=(agent or staff_member()).pk,
        key=key or uuid.uuid4().hex,
        because="门店已确认",
    )


def told(ticket: Ticket, voice: str = "SYSTEM") -> list[str]:
    said = TicketMessage.objects.filter(ticket=ticket, voice=voice).order_by("pk")
    return list(said.values_list("body", flat=True))


def spent_by(agent: User) -> int:
    return sum(GoodwillDay.objects.filter(agent_id=agent.pk).values_list("spent", flat=True))
