"""Tickets as customers open them."""

import uuid
from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.tests.factories import logged_in
from feedback.models import Ticket
from feedback.rules.tickets import Priority
from feedback.services.escalations import watch_clocks
from feedback.services.incidents import join_incident
from feedback.services.sla import begin_clocks
from feedback.services.tickets import open_ticket
from wallet_project.kit import clock


def opened(**facts: Any) -> Ticket:
    """A ticket of somebody new, about a refund; `facts` say otherwise."""
    wanted = {
        "kind": "REFUND",
        "channel": "MINI_PROGRAM",
        "subject": "退款",
        "body": "余额没有到账",
        "source": f"test:{uuid.uuid4()}",
        **facts,
    }
    if "user_id" not in wanted:
        wanted["user_id"] = logged_in().user.pk
    return open_ticket(**wanted)


def has_emergency(user: User) -> None:
    """One of theirs, of which an agent and a lead were told."""
    ticket = opened(user_id=user.pk, kind="PAYMENT", priority=Priority.EMERGENCY)
    begin_clocks(ticket_id=ticket.pk)
    join_incident(ticket_id=ticket.pk)
    watch_clocks(at=clock.now() + timedelta(minutes=16), limit=100)
