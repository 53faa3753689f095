"""
Who of the staff talks with a customer: whoever has the chat's ticket.

However a ticket is given - routed by load and skill, taken from the line, handed to a colleague - the chat
follows it.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from feedback.errors import ChatNotYours, ColleagueAway, NobodyWaits
from feedback.models import Chat, TicketMessage
from feedback.rules.chats import (
    CHAT_MOVES,
    SAID_WHEN_BACK_IN_LINE,
    SAID_WHEN_TAKEN,
    ChatEnd,
    ChatState,
    why_over,
)
from feedback.rules.tickets import TicketState, Voice
from feedback.selectors.chats import chat_called, chats_in_line, open_chats
from feedback.selectors.routing import agents_there
from feedback.services.chats import end_chat, lock_chat, note_signals, say_in, tell
from feedback.services.routing import assign
from feedback.services.tickets import move_ticket
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.states import require_move
from wallet_project.kit.sweeps import sweep


@retry_conflicts
def take_next(*, agent_id: int) -> Chat:
    """
    Whoever is first in line, but never oneself; two agents at once take two customers.

    :raises NobodyWaits: the line is empty
    """
    own = User.objects.get(pk=agent_id).own_user_ids
    with transaction.atomic():
        others = chats_in_line().exclude(user__in=own)
        chat = others.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
        if chat is None:
            raise NobodyWaits
        _give(chat, agent_id, by_id=agent_id)
    return chat


@retry_conflicts
def take(*, agent_id: int, number: str) -> Chat:
    """
    This one of those in line.

    :raises ChatNotYours: a colleague was faster, or the customer is gone
    """
    with transaction.atomic():
        chat = lock_chat(chat_called(number).pk)
        if chat.state != ChatState.WAITING:
            raise ChatNotYours
        _give(chat, agent_id, by_id=agent_id)
    return chat


@retry_conflicts
def hand_over(*, agent_id: int, number: str, colleague_id: int | None) -> None:
    """
    A colleague who is there goes on with the customer; None: whoever is free next.

    :raises ChatNotYours: somebody else talks with this customer
    :raises ColleagueAway: they take nobody now
    """
    with transaction.atomic():
        chat = _lock_own(agent_id, number)
        if colleague_id is not None and not agents_there(clock.now()).filter(user=colleague_id).exists():
            raise ColleagueAway
        _give(chat, colleague_id, by_id=agent_id)


@retry_conflicts
def reply(*, agent_id: int, number: str, client_id: str, body: str) -> TicketMessage:
    """
    The agent says something, once per `client_id`.

    :raises ChatNotYours: somebody else talks with this customer
    :raises ChatEnded: it goes on in the ticket
    """
    chat = _own(agent_id, number)
    return say_in(chat, Voice.AGENT, author_id=agent_id, client_id=client_id, body=body)


def signal(*, agent_id: int, number: str, read_up_to: int = 0, typing: bool = False) -> None:
    """:raises ChatNotYours: somebody else talks with this customer"""
    note_signals(_own(agent_id, number), Voice.AGENT, read_up_to=read_up_to, typing=typing)


@retry_conflicts
def end_as_solved(*, agent_id: int, number: str) -> None:
    """:raises ChatNotYours: somebody else talks with this customer"""
    with transaction.atomic():
        chat = _lock_own(agent_id, number)
        end_chat(chat, ChatEnd.SOLVED)
        move_ticket(ticket_id=chat.ticket_id, to=TicketState.RESOLVED, by_id=agent_id)


@retry_conflicts
def leave_to_ticket(*, agent_id: int, number: str) -> None:
    """:raises ChatNotYours: somebody else talks with this customer"""
    with transaction.atomic():
        end_chat(_lock_own(agent_id, number), ChatEnd.TICKET)


@retry_conflicts
def follow_ticket(*, ticket_id: int) -> None:
    """The ticket was given to somebody, given back, or is over: so is its chat, if one goes on."""
    found = Chat.objects.filter(ticket=ticket_id).exclude(state=ChatState.ENDED).values_list("pk", flat=True)
    for chat_id in found:
        with transaction.atomic():
            chat = lock_chat(chat_id)
            if chat.state == ChatState.ENDED:
                return
            if chat.ticket.state in (TicketState.CLOSED, TicketState.MERGED):
                end_chat(chat, ChatEnd.TICKET)
            else:
                _seat(chat, chat.ticket.assignee_id)


def end_chats(*, at: datetime) -> int:
    """The clock's part: who is gone is gone, and whose agent is gone is in line again. Returns how many."""
    here = set(agents_there(at).values_list("user", flat=True))
    return sweep(
        open_chats(), lambda chat: _look_after(chat, here, at=at), failed="feedback.chat.sweep_failed"
    )


def _look_after(chat: Chat, here: set[int], *, at: datetime) -> bool:
    if not _changes(chat, here, at=at):
        return False
    with transaction.atomic():
        chat = lock_chat(chat.pk)
        why = _why_over(chat, here, at=at) if chat.state != ChatState.ENDED else None
        if why:
            end_chat(chat, why)
        elif chat.state == ChatState.TALKING and chat.agent_id not in here:
            _give(chat, None, by_id=None)
        else:
            return False
    return True


def _changes(chat: Chat, here: set[int], *, at: datetime) -> bool:
    return bool(_why_over(chat, here, at=at)) or (
        chat.state == ChatState.TALKING and chat.agent_id not in here
    )


def _why_over(chat: Chat, here: set[int], *, at: datetime) -> ChatEnd | None:
    return why_over(
        state=chat.state,
        waited=at - chat.waiting_since,
        customer_away=at - chat.customer_seen_at,
        somebody_here=bool(here),
    )


def _give(chat: Chat, agent_id: int | None, *, by_id: int | None) -> None:
    """:raises OwnMatter: nobody advises themselves"""
    assign(ticket_id=chat.ticket_id, assignee_id=agent_id, by_id=by_id)
    _seat(chat, agent_id)


def _seat(chat: Chat, agent_id: int | None) -> None:
    """The chat is locked; who it is with already stays."""
    require_transaction()
    if chat.agent_id == agent_id:
        return
    now, state = clock.now(), ChatState.TALKING if agent_id else ChatState.WAITING
    if chat.state != state:
        require_move(CHAT_MOVES, chat.state, state)
    chat.state, chat.agent_id = state, agent_id
    if agent_id:
        chat.taken_at = chat.taken_at or now
    else:
        chat.waiting_since = now
    chat.save(update_fields=["state", "agent_id", "taken_at", "waiting_since"])
    tell(chat, SAID_WHEN_TAKEN if agent_id else SAID_WHEN_BACK_IN_LINE, about="seated")


def _own(agent_id: int, number: str) -> Chat:
    chat = chat_called(number)
    if chat.agent_id != agent_id:
        raise ChatNotYours
    return chat


def _lock_own(agent_id: int, number: str) -> Chat:
    chat = lock_chat(chat_called(number).pk)
    if chat.agent_id != agent_id or chat.state != ChatState.TALKING:
        raise ChatNotYours
    return chat
