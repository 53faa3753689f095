"""
The clocks of a ticket: each begins, stands still, goes on and ends with what happens to it.

They follow the ticket's events, which come in order, and count by the moments that these tell of: a relay
that was away makes nobody late.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Greatest

from feedback.models import SlaClock, SlaPause, Ticket, TicketMessage
from feedback.models.sla import RUNNING
from feedback.rules.calendars import BusinessHours
from feedback.rules.sla import REPLIES, ClockKind, Rung, reached, runs
from feedback.rules.tickets import OPEN_STATES, TicketState, Voice
from feedback.selectors.calendars import hours_by_calendar
from feedback.selectors.sla import policy_for
from feedback.services.locks import lock_ticket
from wallet_project.kit import clock
from wallet_project.kit.jobs import after_commit

_AT_ONCE: Final = 100
_WITH: Final = ("policy__calendar", "ticket")


@transaction.atomic
def begin_clocks(*, ticket_id: int) -> None:
    """A new ticket waits for a first word and for its solution."""
    ticket = lock_ticket(ticket_id)
    for kind in (ClockKind.FIRST_REPLY, ClockKind.SOLVE):
        _begin(ticket, kind, at=ticket.opened_at)


@transaction.atomic
def await_reply(*, ticket_id: int, message_id: int) -> None:
    """The customer has written: somebody who waits for a word already does not wait twice."""
    ticket = lock_ticket(ticket_id)
    if not ticket.clocks.filter(RUNNING, kind__in=REPLIES).exists():
        _begin(ticket, ClockKind.NEXT_REPLY, at=TicketMessage.objects.get(pk=message_id).at)


@transaction.atomic
def end_wait(*, ticket_id: int, message_id: int) -> None:
    """We have answered. What the system says by itself is no answer."""
    ticket = lock_ticket(ticket_id)
    message = TicketMessage.objects.get(pk=message_id)
    if message.voice == Voice.AGENT:
        for waiting in _running(ticket, REPLIES):
            _meet(waiting, at=message.at, agent_id=message.author_id)


@transaction.atomic
def follow_state(*, ticket_id: int, state: TicketState, at: datetime) -> None:
    """
    The solution's clock notes each state in which it may stand still; RESOLVED and CLOSED keep its promise,
    reopening takes that back. Nobody waits for a word about what is over.
    """
    ticket = lock_ticket(ticket_id)
    if state not in OPEN_STATES:
        for waiting in _running(ticket, REPLIES):
            _stop(waiting, at=at)
    for solution in ticket.clocks.filter(kind=ClockKind.SOLVE, stopped_at=None).select_related(*_WITH):
        if state == TicketState.MERGED:
            _stop(solution, at=at)
            continue
        if state in OPEN_STATES and solution.met_at is not None:
            solution.met_at, solution.policy = None, policy_for(ticket, at=clock.now())
        elif state not in OPEN_STATES and solution.met_at is None:
            _meet(solution, at=at, agent_id=ticket.assignee_id)
        _note_state(solution, state, at=at)
        _wind(solution, hours_by_calendar())


@transaction.atomic
def renew_promises(*, ticket_id: int) -> None:
    """
    What is promised to this ticket may be something else now: by its kind, priority or tier, by the policy or
    by the calendar. Running clocks count anew, from their beginning; what was broken before stays so.
    """
    ticket = lock_ticket(ticket_id)
    now, hours = clock.now(), hours_by_calendar()
    policy = policy_for(ticket, at=now)
    for running in _running(ticket, ClockKind):
        if not is_answered(running, ticket):
            note_breach(running, at=now, agent_id=ticket.assignee_id)
        running.policy = policy
        _wind(running, hours)


def renew_all_promises(*, after_id: int) -> None:
    """The same for every ticket that waits for something, a hundred at a time, each by itself."""
    waiting = SlaClock.objects.filter(RUNNING, ticket_id__gt=after_id).order_by("ticket_id")
    ticket_ids = list(waiting.values_list("ticket_id", flat=True).distinct()[:_AT_ONCE])
    for ticket_id in ticket_ids:
        renew_promises(ticket_id=ticket_id)
    if len(ticket_ids) == _AT_ONCE:
        with transaction.atomic():
            after_commit("feedback.renew_promises", after_id=ticket_ids[-1])


def climb(running: SlaClock, *, to: Rung) -> None:
    """Somebody else is told; from now on it is the next one's turn. The ticket is locked."""
    running.rung = to
    _wind(running, hours_by_calendar())


def note_breach(running: SlaClock, *, at: datetime, agent_id: int | None) -> None:
    """A promise is broken when its moment is over; it was broken then, whenever we look."""
    if running.breached_at is None and running.due_at is not None and at > running.due_at:
        running.breached_at, running.agent_id = running.due_at, agent_id


def is_answered(running: SlaClock, ticket: Ticket) -> bool:
    """The ticket says that it was kept, and the event that will say so is still under way."""
    if running.is_reply:
        return ticket.we_wrote_at is not None and ticket.we_wrote_at >= running.started_at
    return ticket.state not in OPEN_STATES


def _begin(ticket: Ticket, kind: ClockKind, *, at: datetime) -> None:
    policy = policy_for(ticket, at=clock.now())
    _wind(SlaClock(ticket=ticket, kind=kind, policy=policy, started_at=at), hours_by_calendar())


def _running(ticket: Ticket, kinds: Iterable[ClockKind]) -> list[SlaClock]:
    rows = ticket.clocks.filter(RUNNING, kind__in=sorted(kinds)).select_related(*_WITH)
    return list(rows.order_by("pk"))


def _meet(running: SlaClock, *, at: datetime, agent_id: int | None) -> None:
    note_breach(running, at=at, agent_id=agent_id)
    if running.breached_at is None:
        running.agent_id = agent_id
    running.met_at, running.next_rung_at = at, None
    running.save()


def _stop(running: SlaClock, *, at: datetime) -> None:
    note_breach(running, at=at, agent_id=running.ticket.assignee_id)
    running.stopped_at, running.next_rung_at = at, None
    running.save()


def _note_state(solution: SlaClock, state: TicketState, *, at: datetime) -> None:
    # Clocks of two machines differ a little: a pause never ends before it began.
    solution.pauses.filter(ended_at=None).update(ended_at=Greatest("began_at", at))
    if state not in (TicketState.NEW, TicketState.OPEN):
        SlaPause.objects.create(clock=solution, state=state, began_at=at)


def _wind(row: SlaClock, hours: dict[int, BusinessHours]) -> None:
    """When it rings and who is told next, by all that has been."""
    if row.met_at is None and row.stopped_at is None:
        terms, kind = row.policy.terms, ClockKind(row.kind)
        calendar, budget = hours[row.policy.calendar_id], terms.budget(kind)
        pauses = row.pauses.order_by("began_at", "pk") if row.pk else []
        spans = runs(
            row.started_at,
            [(each.began_at, each.ended_at) for each in pauses if terms.stands_still(each.state)],
        )
        row.due_at = reached(calendar, spans, budget)
        row.next_rung_at = None
        if row.rung < Rung.MANAGER:
            share = timedelta(seconds=budget.total_seconds() * terms.share_of(Rung(row.rung + 1)) // 100)
            row.next_rung_at = reached(calendar, spans, share)
    row.save()
