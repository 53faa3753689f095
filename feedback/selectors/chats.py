"""Who is in line, who talks with whom, and what was said since somebody last looked."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Q, QuerySet

from feedback.models import Chat, TicketMessage
from feedback.rules.chats import IS_HERE, ChatState
from feedback.rules.tickets import Voice
from feedback.selectors.routing import agents_there
from wallet_project.kit.errors import NotFound

_AT_ONCE = 100  # messages of one look; the rest comes with the next one
TYPING_SECONDS = 6


@dataclass(frozen=True, kw_only=True)
class Update:
    """A chat as its customer sees it now, and what was said since message `after`."""

    chat: Chat
    position: int | None
    agents_here: bool
    agent_typing: bool
    messages: list[TicketMessage]
    cursor: int
    has_more: bool


def chat_of(user_id: int, number: str) -> Chat:
    """:raises NotFound: this person has no such chat"""
    chat = Chat.objects.select_related("ticket").filter(user=user_id, number=number).first()
    if chat is None:
        raise NotFound
    return chat


def chat_called(number: str) -> Chat:
    """:raises NotFound: nobody has such a chat"""
    chat = Chat.objects.select_related("ticket", "user").filter(number=number).first()
    if chat is None:
        raise NotFound
    return chat


def chats_of(user_id: int) -> QuerySet[Chat]:
    return Chat.objects.filter(user=user_id).select_related("ticket")


def open_chat_of(user_id: int) -> Chat | None:
    return chats_of(user_id).exclude(state=ChatState.ENDED).first()


def chats_in_line() -> QuerySet[Chat]:
    """The most urgent first, then whoever came first, also when they were given back to the line."""
    waiting = Chat.objects.filter(state=ChatState.WAITING)
    return waiting.select_related("ticket", "user").order_by("ticket__priority", "pk")


def chats_with(agent_id: int) -> QuerySet[Chat]:
    talking = Chat.objects.filter(agent=agent_id, state=ChatState.TALKING)
    return talking.select_related("ticket", "user").order_by("pk")


def open_chats() -> QuerySet[Chat]:
    return Chat.objects.exclude(state=ChatState.ENDED).order_by("pk")


def position_of(chat: Chat) -> int | None:
    """1 is next; None: not in line."""
    if chat.state != ChatState.WAITING:
        return None
    priority = chat.ticket.priority
    before = Q(ticket__priority__lt=priority) | Q(ticket__priority=priority, pk__lt=chat.pk)
    return 1 + Chat.objects.filter(before, state=ChatState.WAITING).count()


def update_for(chat: Chat, *, after: int, at: datetime) -> Update:
    """
    Ids rise in the order in which a ticket's messages are committed (whoever writes has locked the ticket),
    so that nothing is ever said behind the back of a cursor.
    """
    messages, has_more = messages_after(chat, after=after)
    return Update(
        chat=chat,
        position=position_of(chat),
        agents_here=chat.state == ChatState.TALKING or agents_there(at).exists(),
        agent_typing=is_typing(chat, Voice.AGENT),
        messages=messages,
        cursor=messages[-1].pk if messages else after,
        has_more=has_more,
    )


def messages_after(chat: Chat, *, after: int) -> tuple[list[TicketMessage], bool]:
    """
    The next ones that the customer may read, and whether there are more. How the ticket moves meanwhile is
    not told between the lines of a talk.
    """
    said = TicketMessage.objects.filter(ticket=chat.ticket_id, pk__gt=after)
    said = said.exclude(voice=Voice.NOTE).exclude(voice=Voice.SYSTEM, client_id__startswith="system:")
    found = list(said.order_by("pk")[: _AT_ONCE + 1])
    return found[:_AT_ONCE], len(found) > _AT_ONCE


def customer_is_here(chat: Chat, *, at: datetime) -> bool:
    return at - chat.customer_seen_at <= IS_HERE


def is_typing(chat: Chat, voice: Voice) -> bool:
    """Known to the cache alone: when that is away nobody is seen typing, and nothing else is missing."""
    return bool(cache.get(typing_key(chat, voice)))


def typing_key(chat: Chat, voice: Voice) -> str:
    return f"chat:typing:{voice}:{chat.number}"


def is_read_now(ticket_id: int, *, at: datetime) -> bool:
    """Whether its customer sits before the chat that it is talked about in."""
    chat = Chat.objects.filter(ticket=ticket_id, ended_at=None).first()
    return chat is not None and customer_is_here(chat, at=at)
