"""Tickets as customers open them."""

import uuid
from typing import Any

from accounts.tests.factories import logged_in
from feedback.models import Ticket
from feedback.services.tickets import open_ticket


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
