"""
A live chat, from its first words to its end.

What is said are messages of the chat's ticket, so nothing is copied when it ends: whatever is not solved
simply goes on there. Locked are the chat, then its ticket.
"""

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from accounts.services.locks import lock_user
from feedback.errors import ChatEnded, TooManyChats
from feedback.models import Chat, TicketMessage
from feedback.rules.chats import (
    CHAT_MOVES,
    CHATS_AN_HOUR,
    SAID_AT_END,
    SEEN_AT_MOST_EVERY,
    ChatEnd,
    ChatState,
)
from feedback.rules.tickets import TicketChannel, Voice
from feedback.selectors.chats import TYPING_SECONDS, chat_of, chats_of, open_chat_of, typing_key
from feedback.selectors.routing import agents_there
from feedback.selectors.subjects import subject_of
from feedback.services.chat_nudges import nudge
from feedback.services.customers import require_room
from feedback.services.tickets import open_ticket, say
from wallet_project.flags.models import Feature
from wallet_project.flags.services import require_on
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.money import ZERO
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move

_SUBJECT_LENGTH = 40


@retry_conflicts
def open_chat(*, user_id: int, client_id: str, kind: str, body: str, language: str, about: str = "") -> Chat:
    """
    Ask for a live talk with these first words; whoever is in one already says them there. Once per
    `client_id`. While none of the staff is there it ends at once, and goes on as a ticket.

    :raises FeatureOff: live chats are not open to them
    :raises NotFound: what it is about is not theirs
    :raises TooManyChats: more than a person needs in an hour
    :raises TooManyTickets: they have as many tickets as one person needs, chats included
    """
    now = clock.now()
    amount = subject_of(about, user_id=user_id).amount if about else ZERO
    with transaction.atomic():
        lock_user(user_id)
        said = Q(client_id=client_id) | Q(ticket__messages__client_id=_name(Voice.CUSTOMER, client_id))
        if known := chats_of(user_id).filter(said).first():
            return known
        if going_on := open_chat_of(user_id):
            write(user_id=user_id, number=going_on.number, client_id=client_id, body=body)
            return going_on
        require_on(Feature.LIVE_CHAT, user_id=user_id)
        if chats_of(user_id).filter(opened_at__gt=now - timedelta(hours=1)).count() >= CHATS_AN_HOUR:
            raise TooManyChats(limit=CHATS_AN_HOUR)
        require_room(user_id)
        number = new_serial("I")
        ticket = open_ticket(
            user_id=user_id,
            kind=kind,
            channel=TicketChannel.CHAT,
            subject=body.partition("\n")[0][:_SUBJECT_LENGTH],
            body=body,
            source=f"chat:{number}",
            language=language,
            about=about,
            amount=amount,
        )
        chat = Chat.objects.create(
            number=number,
            user_id=user_id,
            client_id=client_id,
            ticket=ticket,
            opened_at=now,
            waiting_since=now,
            customer_seen_at=now,
        )
        if not agents_there(now).exists():
            end_chat(chat, ChatEnd.NOBODY)
        nudge(number)
    return chat


@retry_conflicts
def write(*, user_id: int, number: str, client_id: str, body: str) -> TicketMessage:
    """
    The customer says something, once per `client_id`.

    :raises ChatEnded: it goes on in the ticket
    """
    chat = chat_of(user_id, number)
    return say_in(chat, Voice.CUSTOMER, author_id=user_id, client_id=client_id, body=body)


def say_in(chat: Chat, voice: Voice, *, author_id: int, client_id: str, body: str) -> TicketMessage:
    """
    One message; `client_id` is unique for each side. A repetition is answered even after the end.

    :raises ChatEnded: it goes on in the ticket
    """
    named = _name(voice, client_id)
    with transaction.atomic():
        chat = lock_chat(chat.pk)
        if said := chat.ticket.messages.filter(client_id=named).first():
            return said
        if chat.state == ChatState.ENDED:
            raise ChatEnded(ticket_number=chat.ticket.number)
        said = say(ticket_id=chat.ticket_id, voice=voice, body=body, client_id=named, author_id=author_id)
        cache.delete(typing_key(chat, voice))
        nudge(chat.number)
    return said


def look_in(*, user_id: int, number: str) -> Chat:
    """The customer's device looks: their chat, and that they are there."""
    chat, now = chat_of(user_id, number), clock.now()
    if chat.state != ChatState.ENDED and now - chat.customer_seen_at >= SEEN_AT_MOST_EVERY:
        chat.customer_seen_at = now
        Chat.objects.filter(pk=chat.pk).update(customer_seen_at=now)
    return chat


def note_signals(chat: Chat, voice: Voice, *, read_up_to: int = 0, typing: bool = False) -> None:
    """One side has read up to this message, or is writing. Marks never go back, nor beyond what was said."""
    column = "customer_read" if voice == Voice.CUSTOMER else "agent_read"
    if read_up_to > getattr(chat, column) and chat.ticket.messages.filter(pk=read_up_to).exists():
        Chat.objects.filter(pk=chat.pk, **{f"{column}__lt": read_up_to}).update(**{column: read_up_to})
        nudge(chat.number)
    if typing:
        cache.set(typing_key(chat, voice), 1, timeout=TYPING_SECONDS)
        nudge(chat.number)


@retry_conflicts
def leave(*, user_id: int, number: str) -> Chat:
    """The customer ends it; twice is once."""
    with transaction.atomic():
        chat = lock_chat(chat_of(user_id, number).pk)
        if chat.state != ChatState.ENDED:
            end_chat(chat, ChatEnd.CUSTOMER)
    return chat


def end_chat(chat: Chat, why: ChatEnd) -> None:
    """The chat is locked, or new. Its ticket stays as it is: it has every word."""
    require_transaction()
    require_move(CHAT_MOVES, chat.state, ChatState.ENDED)
    chat.state, chat.end, chat.ended_at = ChatState.ENDED, why, clock.now()
    chat.save(update_fields=["state", "end", "ended_at"])
    tell(chat, SAID_AT_END[why], about="ended")


def tell(chat: Chat, text: object, *, about: str) -> None:
    """Say something in the conversation in our own name, in the customer's language."""
    with translation.override(chat.ticket.language):
        say(
            ticket_id=chat.ticket_id,
            voice=Voice.SYSTEM,
            body=str(text),
            client_id=f"chat:{about}:{clock.now().timestamp():.6f}",
            author_id=None,
        )
    nudge(chat.number)


def lock_chat(chat_id: int) -> Chat:
    require_transaction()
    return Chat.objects.select_for_update(no_key=True, of=("self",)).select_related("ticket").get(pk=chat_id)


def _name(voice: Voice, client_id: str) -> str:
    """Nobody's name for a message is another side's, or ours."""
    return f"{voice}:{client_id}"
