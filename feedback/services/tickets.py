"""A ticket is opened once, talked about, and moves along its lines."""

import uuid
from datetime import datetime

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Func, IntegerField, Q, Value
from django.db.models.functions import Coalesce
from django.utils import translation

from coupons.selectors.membership import tier_of
from feedback.errors import NothingSaid, TicketClosed
from feedback.events import (
    CustomerWrote,
    TicketMoved,
    TicketOpened,
    TicketReclassified,
    TicketReplied,
)
from feedback.models import Ticket, TicketMessage
from feedback.rules.priorities import Matter, priority_of
from feedback.rules.tickets import AFTER_WORDS, MOVES, OVER, TOLD, TicketState, Voice
from feedback.rules.words import words_in
from feedback.selectors.priorities import conditions_in_force
from feedback.selectors.queues import queue_for
from feedback.services.locks import lock_ticket, lock_where_it_goes_on
from wallet_project.audit.services import record_audit
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction, retry_conflicts
from wallet_project.kit.events import publish
from wallet_project.kit.money import ZERO, Fen
from wallet_project.kit.rows import insert
from wallet_project.kit.serials import new_serial
from wallet_project.kit.states import require_move
from wallet_project.kit.texts import is_readable, tidy, tidy_prose, without_invisible

_SUBJECT = 120
_MOST_WORDS = 3_000  # that a ticket is found by, each of LONGEST_WORD: a tsvector holds a megabyte


@retry_conflicts
def open_ticket(
    *,
    user_id: int | None,
    kind: str,
    channel: str,
    subject: str,
    body: str,
    source: str,
    language: str = "zh-hans",
    about: str = "",
    amount: Fen = ZERO,
    priority: int | None = None,
    author_id: int | None = None,
    follows_id: int | None = None,
) -> Ticket:
    """
    Somebody needs help: a ticket in state NEW, with their words as its first message.

    Once for each `source`: repeated, it answers the ticket that is there. `user_id` is None while we do not
    know who it is, `author_id` is who wrote it down, where that is not the customer. `amount` is the money in
    question, in fen; the rules say how urgent it is, unless `priority` does.

    :raises NothingSaid: there is nothing to read in the text
    """
    body, subject = _readable(body), tidy(without_invisible(subject))
    now = clock.now()
    tier = tier_of(user_id) if user_id else None
    if priority is None:
        matter = Matter(
            kind=kind,
            amount=amount,
            standing=tier.support_priority if tier else 0,
            text=f"{subject} {body}",
        )
        priority = priority_of(matter, conditions_in_force())
    with transaction.atomic():
        ticket, is_new = Ticket.objects.get_or_create(
            source=source,
            defaults={
                "number": new_serial("N", now),
                "user_id": user_id,
                "kind": kind,
                "channel": channel,
                "subject": subject[:_SUBJECT] or body.partition("\n")[0][:_SUBJECT],
                "language": language,
                "priority": priority,
                "tier": tier.code if tier else "",
                "about": about,
                "amount": amount,
                "queue": queue_for(kind=kind, language=language),
                "follows_id": follows_id,
                "opened_at": now,
                "customer_wrote_at": now,
            },
        )
        if is_new:
            _write(
                ticket,
                Voice.CUSTOMER,
                body,
                client_id="first:words",
                author_id=author_id or user_id,
                at=now,
            )
            _make_findable(ticket, ticket.number, ticket.subject, body)
            record_audit(
                action="feedback.ticket.opened",
                subject=f"ticket:{ticket.pk}",
                facts={"kind": kind, "channel": channel, "about": about},
            )
            publish(TicketOpened(ticket_id=ticket.pk))
    return ticket


@retry_conflicts
def say(*, ticket_id: int, voice: Voice, body: str, client_id: str, author_id: int | None) -> TicketMessage:
    """
    Say something in a ticket, once for each `client_id`. What is said in a merged ticket is said where it
    goes on; a NOTE stays where it was written. When all is over only NOTE and SYSTEM have something to say.

    The customer's words open again what waits for them or was resolved; ours make it wait for them.

    :raises NothingSaid: there is nothing to read in the text
    :raises TicketClosed: it is over
    """
    body = _readable(body)
    with transaction.atomic():
        is_note = voice == Voice.NOTE
        ticket = lock_ticket(ticket_id) if is_note else lock_where_it_goes_on(ticket_id)
        said = TicketMessage.objects.filter(ticket__in={ticket_id, ticket.pk}, client_id=client_id).first()
        if said is not None:
            return said
        if ticket.state == TicketState.CLOSED and voice in AFTER_WORDS:
            raise TicketClosed(number=ticket.number)
        now = clock.now()
        message = _write(ticket, voice, body, client_id=client_id, author_id=author_id, at=now)
        _make_findable(ticket, body)
        _stamp_words(ticket, voice, at=now)
        if to := AFTER_WORDS.get(voice, {}).get(TicketState(ticket.state)):
            move_locked(ticket, to=to, by_id=author_id)
        if voice == Voice.AGENT:
            publish(TicketReplied(ticket_id=ticket.pk, message_id=message.pk))
        elif voice == Voice.CUSTOMER:
            publish(CustomerWrote(ticket_id=ticket.pk, message_id=message.pk))
    return message


@retry_conflicts
def move_ticket(*, ticket_id: int, to: TicketState, by_id: int | None, because: str = "") -> Ticket:
    """
    Move a ticket to another state, and tell the customer where that means something to them. Where it is
    there already nothing happens. `because` is kept for us.

    :raises StateConflict: no line leads there
    """
    with transaction.atomic():
        ticket = lock_ticket(ticket_id)
        if ticket.state != to:
            move_locked(ticket, to=to, by_id=by_id, because=because)
    return ticket


def move_locked(ticket: Ticket, *, to: TicketState, by_id: int | None, because: str = "") -> None:
    """
    The same, of a ticket that the caller has locked.

    :raises StateConflict: no line leads there
    """
    require_transaction()
    was, now = ticket.state, clock.now()
    require_move(MOVES, was, to)
    ticket.state = to
    if to == TicketState.RESOLVED:
        ticket.resolved_at = now
    elif was == TicketState.RESOLVED and to not in OVER:
        ticket.resolved_at, ticket.reopened = None, ticket.reopened + 1
    if to in OVER:
        ticket.closed_at = now
    ticket.save(update_fields=["state", "resolved_at", "reopened", "closed_at", "merged_into"])
    if to in TOLD:
        with translation.override(ticket.language):
            tell(ticket, str(TOLD[to]), at=now)
    record_audit(
        action="feedback.ticket.moved",
        subject=f"ticket:{ticket.pk}",
        facts={"was": was, "state": to, "by": by_id, "because": because},
    )
    publish(TicketMoved(ticket_id=ticket.pk, was=was, state=to, at=clock.iso(now)))


def tell(ticket: Ticket, text: str, *, at: datetime) -> None:
    """Write a line of our system's into the conversation of a ticket that the caller has locked."""
    require_transaction()
    _write(ticket, Voice.SYSTEM, text, client_id=f"system:{uuid.uuid4().hex}", author_id=None, at=at)


@retry_conflicts
def reclassify(
    *,
    ticket_id: int,
    by_id: int | None,
    kind: str | None = None,
    priority: int | None = None,
    queue_id: int | None = None,
) -> Ticket:
    """
    It is about something else, more or less urgent, or somebody else's to answer. Another kind goes to the
    queue that takes it, unless one is named.

    :raises TicketClosed: it is over
    """
    with transaction.atomic():
        ticket = lock_open_ticket(ticket_id)
        if kind is not None and kind != ticket.kind:
            ticket.kind = kind
            ticket.queue = queue_for(kind=kind, language=ticket.language)
        if priority is not None:
            ticket.priority = priority
        if queue_id is not None:
            ticket.queue_id = queue_id
        ticket.save(update_fields=["kind", "priority", "queue"])
        record_audit(
            action="feedback.ticket.reclassified",
            subject=f"ticket:{ticket.pk}",
            facts={"kind": ticket.kind, "priority": ticket.priority, "queue": ticket.queue_id, "by": by_id},
        )
        publish(TicketReclassified(ticket_id=ticket.pk))
    return ticket


def lock_open_ticket(ticket_id: int) -> Ticket:
    """
    :raises TicketClosed: it is over
    """
    ticket = lock_ticket(ticket_id)
    if ticket.state in OVER:
        raise TicketClosed(number=ticket.number)
    return ticket


def _write(
    ticket: Ticket, voice: Voice, body: str, *, client_id: str, author_id: int | None, at: datetime
) -> TicketMessage:
    message = TicketMessage(
        ticket=ticket, voice=voice, author_id=author_id, body=body, client_id=client_id, at=at
    )
    insert(message)
    return message


def _stamp_words(ticket: Ticket, voice: Voice, *, at: datetime) -> None:
    if voice == Voice.CUSTOMER:
        ticket.customer_wrote_at = at
    elif voice == Voice.AGENT:
        ticket.we_wrote_at, ticket.first_replied_at = at, ticket.first_replied_at or at
    ticket.save(update_fields=["customer_wrote_at", "we_wrote_at", "first_replied_at"])


def _make_findable(ticket: Ticket, *texts: str) -> None:
    """By the words of these texts, beside those that it is found by already; not by ever more of them."""
    words = SearchVector(Value(words_in(" ".join(texts))), config="simple")
    known = Coalesce("words", SearchVector(Value(""), config="simple"))
    together = Func(known, words, template="%(expressions)s", arg_joiner=" || ")
    has_room = Ticket.objects.alias(count=Func("words", function="LENGTH", output_field=IntegerField()))
    has_room.filter(Q(words=None) | Q(count__lt=_MOST_WORDS), pk=ticket.pk).update(words=together)


def _readable(text: str) -> str:
    prose = tidy_prose(text)
    if not is_readable(prose):
        raise NothingSaid
    return prose
