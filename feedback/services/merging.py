"""Two tickets about one thing become one; one ticket about two things becomes two."""

import hashlib
from collections.abc import Collection

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from feedback.errors import CannotMerge, NothingSaid
from feedback.events import TicketReclassified
from feedback.models import Ticket
from feedback.rules.tickets import OPEN_STATES, TicketState, Voice
from feedback.selectors.tickets import conversation_of
from feedback.services.locks import lock_tickets
from feedback.services.tickets import lock_open_ticket, move_locked, open_ticket, tell
from wallet_project.kit import clock
from wallet_project.kit.db import retry_conflicts
from wallet_project.kit.events import publish


@retry_conflicts
def merge_ticket(*, ticket_id: int, into_id: int, by_id: int) -> Ticket:
    """
    End a ticket whose conversation goes on in another one of the same customer, who is told so; that one is
    as urgent as the more urgent of the two. What nobody knew the customer of is theirs from now on.

    :raises CannotMerge: one of them is over or resolved, they are the same, or of two customers
    """
    with transaction.atomic():
        ticket, into = lock_tickets(ticket_id, into_id)
        known = {ticket.user_id, into.user_id} - {None}
        if ticket_id == into_id or not {ticket.state, into.state} <= OPEN_STATES or len(known) > 1:
            raise CannotMerge
        Ticket.objects.filter(merged_into=ticket).update(merged_into=into)
        ticket.merged_into = into
        move_locked(ticket, to=TicketState.MERGED, by_id=by_id)
        if into.user_id is None:
            into.user_id, into.tier = ticket.user_id, ticket.tier
        into.priority = min(ticket.priority, into.priority)
        into.save(update_fields=["user", "tier", "priority"])
        with translation.override(into.language):
            tell(into, _("工单“%(subject)s”已与本工单合并处理") % {"subject": ticket.subject}, at=clock.now())
        publish(TicketReclassified(ticket_id=into.pk))
    return into


@retry_conflicts
def split_ticket(
    *, ticket_id: int, message_ids: Collection[int], kind: str, subject: str, by_id: int
) -> Ticket:
    """
    Make what a customer said about something else a ticket of its own, which follows this one; the words stay
    here, too. Once for the same messages.

    :raises TicketClosed: it is over
    :raises NothingSaid: none of the messages are the customer's in this ticket
    """
    with transaction.atomic():
        ticket = lock_open_ticket(ticket_id)
        said = conversation_of(ticket_id).filter(voice=Voice.CUSTOMER, pk__in=message_ids)
        messages = list(said.order_by("pk"))
        if not messages:
            raise NothingSaid
        which = hashlib.sha256(" ".join(str(message.pk) for message in messages).encode()).hexdigest()
        source = f"split:{ticket.pk}:{which[:32]}"
        known = Ticket.objects.filter(source=source).first()
        if known is not None:
            return known
        own = open_ticket(
            user_id=ticket.user_id,
            kind=kind,
            channel=ticket.channel,
            subject=subject,
            body="\n\n".join(message.body for message in messages),
            source=source,
            language=ticket.language,
            author_id=by_id,
            follows_id=ticket.pk,
        )
        with translation.override(ticket.language):
            tell(ticket, _("“%(subject)s”已另立工单处理") % {"subject": own.subject}, at=clock.now())
    return own
