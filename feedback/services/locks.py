"""The written order of locks (docs/locking.md): a ticket comes first, then whatever lies below."""

from feedback.models import Ticket
from feedback.rules.tickets import TicketState
from wallet_project.kit.db import lock_rows, require_transaction
from wallet_project.kit.rows import lock_row


def lock_ticket(ticket_id: int) -> Ticket:
    """This ticket as it is now, locked until the caller's transaction ends."""
    require_transaction()
    return lock_row(Ticket, pk=ticket_id)


def lock_tickets(*ticket_ids: int) -> list[Ticket]:
    """Several, taken in the order of their ids, given in the order asked for."""
    locked = lock_rows(Ticket, ids=ticket_ids)
    return [locked[ticket_id] for ticket_id in ticket_ids]


def lock_where_it_goes_on(ticket_id: int) -> Ticket:
    """The ticket itself or, where it was merged, the one that goes on with it; only that one is locked."""
    while True:
        # Read without a lock: where a ticket was merged into changes only to go further.
        goes_on = Ticket.objects.values_list("merged_into", flat=True).get(pk=ticket_id) or ticket_id
        ticket = lock_ticket(goes_on)
        if ticket.state != TicketState.MERGED:
            return ticket
        ticket_id = goes_on
