"""Customers who were not content, and are to be called back."""

from django.db.models import QuerySet

from feedback.models import Ticket
from feedback.rules.tickets import OPEN_STATES, TicketChannel


def open_follow_ups() -> QuerySet[Ticket]:
    """The oldest first."""
    waiting = Ticket.objects.filter(channel=TicketChannel.SURVEY, state__in=sorted(OPEN_STATES))
    return waiting.select_related("user", "assignee").order_by("opened_at")
