"""Who called, wrote or posted past the mini-program: agents type it in, and find out who it was."""

from django.db import transaction

from accounts.rules.phones import NotAPhone, normalise_phone
from accounts.selectors.users import known_by_phone
from accounts.services.reveals import note_reveal
from coupons.selectors.membership import tier_of
from feedback.errors import CustomerKnown
from feedback.events import TicketReclassified
from feedback.models import Ticket, TicketContact
from feedback.rules.tickets import TicketChannel
from feedback.services.tickets import lock_open_ticket, open_ticket
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.errors import NotFound
from wallet_project.kit.events import publish

TYPED_IN = (TicketChannel.PHONE, TicketChannel.EMAIL, TicketChannel.SOCIAL)


@retry_conflicts
def write_down(
    *,
    agent_id: int,
    channel: TicketChannel,
    contact: str,
    kind: str,
    subject: str,
    body: str,
    key: str,
) -> Ticket:
    """
    A ticket for what somebody said elsewhere, once for each `key` of the form. Whoever calls from a number
    that is a customer's is that customer; of others only `contact` is known.

    :raises NothingSaid: there is nothing to read in the text
    """
    with transaction.atomic():
        ticket = open_ticket(
            user_id=_caller(contact) if channel == TicketChannel.PHONE else None,
            kind=kind,
            channel=channel,
            subject=subject,
            body=body,
            source=f"desk:{agent_id}:{key}",
            author_id=agent_id,
        )
        if not TicketContact.objects.filter(pk=ticket.pk).exists():
            told = TicketContact(ticket=ticket)
            told.contact = contact
            told.save(force_insert=True)
    return ticket


@retry_conflicts
def identify(*, ticket_id: int, user_id: int, by_id: int) -> Ticket:
    """
    We have found out which customer it is; they can read the ticket from now on.

    :raises TicketClosed: it is over
    :raises CustomerKnown: it is somebody's already
    """
    with transaction.atomic():
        ticket = lock_open_ticket(ticket_id)
        if ticket.user_id not in (None, user_id):
            raise CustomerKnown
        ticket.user_id, ticket.tier = user_id, tier_of(user_id).code
        ticket.save(update_fields=["user", "tier"])
        record_audit(
            action="feedback.ticket.identified",
            subject=f"ticket:{ticket.pk}",
            facts={"user": user_id, "by": by_id},
        )
        publish(TicketReclassified(ticket_id=ticket.pk))
    return ticket


def read_contact(*, ticket_id: int, by_id: int, reason: str) -> str:
    """
    How to reach whoever it was; the look counts, and is in the trail before they see it.

    :raises NotFound: nothing was typed in
    :raises RevealsUsedUp: they have seen enough for one day
    """
    found, subject = TicketContact.objects.filter(pk=ticket_id).first(), f"ticket:{ticket_id}"
    if found is None:
        raise NotFound
    whose = Ticket.objects.values_list("user_id", flat=True).get(pk=ticket_id)
    note_reveal(staff_id=by_id, user_id=whose, what="工单联系方式", reason=reason, left_in=subject)
    record_audit(action="feedback.contact.seen", subject=subject, facts={"by": by_id, "reason": reason})
    return found.contact


def _caller(contact: str) -> int | None:
    try:
        return known_by_phone(normalise_phone(contact))
    except NotAPhone:
        return None
