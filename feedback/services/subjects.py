"""What a ticket is about, where the customer did not say so."""

from django.db import transaction

from feedback.errors import CustomerUnknown
from feedback.models import Ticket
from feedback.selectors.subjects import subject_of
from feedback.services.tickets import lock_open_ticket
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import retry_conflicts


@retry_conflicts
def link_ticket(*, ticket_id: int, about: str, by_id: int) -> Ticket:
    """
    It is about this row of its customer's ("order:O2611…"), and about as much money as that.

    :raises TicketClosed: it is over
    :raises CustomerUnknown: nobody knows yet whose it could be
    :raises NotFound: the customer has no such row
    """
    with transaction.atomic():
        ticket = lock_open_ticket(ticket_id)
        if ticket.user_id is None:
            raise CustomerUnknown
        ticket.about, ticket.amount = about, subject_of(about, user_id=ticket.user_id).amount
        ticket.save(update_fields=["about", "amount"])
        record_audit(
            action="feedback.ticket.linked",
            subject=f"ticket:{ticket.pk}",
            facts={"about": about, "by": by_id},
        )
    return ticket
