"""What a customer does in the mini-program: asks for help, answers us, says it is settled."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services.locks import lock_user
from feedback.errors import TooManyTickets
from feedback.models import Ticket, TicketMessage
from feedback.rules.tickets import TicketChannel, TicketState, Voice
from feedback.selectors.subjects import subject_of
from feedback.selectors.tickets import open_tickets_of, ticket_for, tickets_of
from feedback.services.attachments import attach
from feedback.services.locks import lock_ticket
from feedback.services.tickets import move_locked, open_ticket, say
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.money import ZERO

# Of one person's, whatever they are about and wherever they were opened. Tickets and chats need room; an
# appeal takes up room, too, but is never refused for want of it: objecting to what was stopped is a right.
MOST_OPEN, MOST_A_DAY = 10, 20


@retry_conflicts
def ask_for_help(
    *,
    user_id: int,
    kind: str,
    body: str,
    client_id: str,
    language: str,
    subject: str = "",
    about: str = "",
    follows: str = "",
    attachments: Sequence[str] = (),
) -> Ticket:
    """
    Open a ticket from the mini-program, once for each `client_id`. As much money is in question as the row
    says that it is about; `follows` is the number of an earlier ticket, `attachments` are pictures they sent.

    :raises NotFound: what it is about, or follows, is not theirs
    :raises NothingSaid: there is nothing to read in the text
    :raises PictureUnknown: a picture is not theirs, or went with another message
    :raises TooManyTickets: of one person's
    """
    source = f"app:{user_id}:{client_id}"
    amount = subject_of(about, user_id=user_id).amount if about else ZERO
    earlier = ticket_for(user_id, follows) if follows else None
    with transaction.atomic():
        lock_user(user_id)
        known = Ticket.objects.filter(source=source).first()
        if known is not None:
            return known
        require_room(user_id)
        ticket = open_ticket(
            user_id=user_id,
            kind=kind,
            channel=TicketChannel.MINI_PROGRAM,
            subject=subject,
            body=body,
            source=source,
            language=language,
            about=about,
            amount=amount,
            follows_id=earlier.pk if earlier else None,
        )
        attach(message_id=ticket.messages.get().pk, owner_id=user_id, tokens=attachments)
    return ticket


@retry_conflicts
def write_to_us(
    *, user_id: int, number: str, body: str, client_id: str, attachments: Sequence[str] = ()
) -> TicketMessage:
    """
    Say something in one of their tickets, once for each `client_id`; pictures need no words.

    :raises NotFound: they have no such ticket
    :raises NothingSaid: neither words nor pictures
    :raises TicketClosed: it is over
    :raises PictureUnknown: a picture is not theirs, or went with another message
    """
    ticket_id = ticket_for(user_id, number).pk
    with transaction.atomic():
        message = say(
            ticket_id=ticket_id,
            voice=Voice.CUSTOMER,
            body=body or (_("（图片）") if attachments else ""),
            client_id=client_id,
            author_id=user_id,
        )
        attach(message_id=message.pk, owner_id=user_id, tokens=attachments)
    return message


@retry_conflicts
def close_mine(*, user_id: int, number: str) -> Ticket:
    """
    The customer needs no more help. Closing it again changes nothing.

    :raises NotFound: they have no such ticket
    """
    ticket_id = ticket_for(user_id, number).pk
    with transaction.atomic():
        ticket = lock_ticket(ticket_id)
        if ticket.state != TicketState.CLOSED:
            move_locked(ticket, to=TicketState.CLOSED, by_id=user_id, because="顾客关闭")
    return ticket


def require_room(user_id: int) -> None:
    """
    For one more of theirs; the caller has locked them.

    :raises TooManyTickets: they have as many as one person needs
    """
    require_transaction()
    if open_tickets_of(user_id).count() >= MOST_OPEN:
        raise TooManyTickets(limit=MOST_OPEN)
    today = clock.start_of_day(clock.now())
    if tickets_of(user_id).filter(opened_at__gte=today).count() >= MOST_A_DAY:
        raise TooManyTickets(limit=MOST_A_DAY)
