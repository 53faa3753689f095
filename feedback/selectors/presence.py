"""Who else has a ticket open."""

from datetime import datetime

from django.db.models import QuerySet

from feedback.models import TicketLook
from feedback.rules.presence import LOOK_LASTS


def others_at(ticket_id: int, *, but: int, at: datetime) -> QuerySet[TicketLook]:
    looks = TicketLook.objects.filter(ticket=ticket_id, at__gte=at - LOOK_LASTS).exclude(user=but)
    return looks.select_related("user").order_by("pk")
