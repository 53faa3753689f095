"""A customer's tickets and what was said in them; and the desk's search."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from feedback.models import Ticket, TicketMessage
from feedback.rules.tickets import OPEN_STATES, TicketState, Voice
from feedback.rules.words import words_in
from wallet_project.kit.errors import NotFound
from wallet_project.kit.serials import is_serial


def tickets_of(user_id: int) -> QuerySet[Ticket]:
    """Theirs; one that was merged is told by the one that it goes on in."""
    return Ticket.objects.filter(user=user_id).exclude(state=TicketState.MERGED)


def ticket_for(user_id: int, number: str) -> Ticket:
    """
    One of theirs, or the one that it goes on in.

    :raises NotFound: there is none, or it is somebody else's
    """
    mine = Ticket.objects.filter(user=user_id, number=number).select_related("merged_into", "follows")
    found = mine.first() if is_serial(number, "N") else None
    if found is None:
        raise NotFound
    return found.merged_into or found


def with_merged(ticket_id: int) -> QuerySet[Ticket]:
    """It and what was merged into it. Their rows are looked up by these: a join would read every message."""
    return Ticket.objects.filter(Q(pk=ticket_id) | Q(merged_into=ticket_id))


def conversation_of(ticket_id: int) -> QuerySet[TicketMessage]:
    """All that was said in it and in what was merged into it, in the order of time."""
    return TicketMessage.objects.filter(ticket__in=with_merged(ticket_id)).order_by("at", "pk")


def what_the_customer_reads(ticket_id: int) -> QuerySet[TicketMessage]:
    return conversation_of(ticket_id).exclude(voice=Voice.NOTE)


def open_tickets_of(user_id: int) -> QuerySet[Ticket]:
    return Ticket.objects.filter(user=user_id, state__in=OPEN_STATES)


def find_tickets(text: str) -> QuerySet[Ticket]:
    """In which all the words of a text are, whoever said them; nothing where it has none."""
    words = words_in(text)
    return (
        Ticket.objects.filter(words=SearchQuery(words, config="simple")) if words else Ticket.objects.none()
    )


def ticket_with(ticket_id: int) -> Ticket:
    """Whoever asks must have a right to know of it."""
    return Ticket.objects.get(pk=ticket_id)
