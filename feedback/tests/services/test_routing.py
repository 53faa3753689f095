"""Tickets find their agents, and go on to a colleague when nobody looks after them."""

from datetime import timedelta

import pytest

from accounts.tests.factories import logged_in
from feedback.errors import NotAnAgent, OwnMatter, TicketClosed
from feedback.models import Agent, Ticket
from feedback.rules.tickets import TicketKind, TicketState, Voice
from feedback.services import routing
from feedback.services.presence import be_there, look_at, start_taking, stop_taking
from feedback.services.routing import assign, route_waiting, take_next
from feedback.services.tickets import move_ticket, say
from feedback.tests.desk import agent, ticket
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


def owner_of(one):
    return Ticket.objects.get(pk=one.pk).assignee_id


def long_ago(one, minutes):
    Ticket.objects.filter(pk=one.pk).update(
        assigned_at=clock.now() - timedelta(minutes=minutes),
        customer_wrote_at=clock.now() - timedelta(minutes=minutes + 1),
    )


def test_a_new_ticket_goes_to_who_is_there_has_learnt_its_queue_and_has_room(outbox):
    money, general = agent("qian", "money"), agent("zong", "general")

    refund, question = ticket(kind=TicketKind.REFUND), ticket()
    outbox.deliver()

    assert (owner_of(refund), owner_of(question)) == (money.pk, general.pk)
    event = StoredEvent.objects.filter(name="feedback.ticket.assigned").first()
    assert event.payload["assignee_id"] in {money.pk, general.pk}


def test_nobody_gets_more_than_they_can_carry_and_it_waits_until_they_can(outbox):
    busy = agent("mang", capacity=2)
    tickets = [ticket() for _ in range(3)]
    outbox.deliver()
    assert [owner_of(one) for one in tickets] == [busy.pk, busy.pk, None]

    say(ticket_id=tickets[0].pk, voice=Voice.AGENT, body="请看说明", client_id="a", author_id=busy.pk)

    assert route_waiting() == 1  # what waits for the customer does not count
    assert owner_of(tickets[2]) == busy.pk


def test_whoever_pauses_or_has_gone_is_given_nothing(outbox):
    paused, gone = agent("ting"), agent("zou")
    stop_taking(user_id=paused.pk)
    Agent.objects.filter(user=gone).update(seen_at=clock.now() - timedelta(minutes=6))
    one = ticket()
    outbox.deliver()
    assert owner_of(one) is None

    be_there(user_id=gone.pk)
    assert route_waiting() == 1
    assert owner_of(one) == gone.pk
    start_taking(user_id=paused.pk)
    start_taking(user_id=paused.pk)
    assert AuditEntry.objects.filter(action="feedback.agent.began", subject=f"staff:{paused.pk}").count() == 1


def test_what_lies_about_goes_to_a_colleague_and_stays_where_nobody_else_is_there(outbox):
    first = agent("jia")
    one = ticket()
    outbox.deliver()
    long_ago(one, 31)
    assert route_waiting() == 0
    assert owner_of(one) == first.pk

    second = agent("yi")
    assert route_waiting() == 1
    assert owner_of(one) == second.pk


@pytest.mark.parametrize("cared", ["looked", "wrote", "waits", "lately"])
def test_what_somebody_looks_after_stays_theirs(outbox, cared):
    first = agent("jia")
    one = ticket()
    outbox.deliver()
    long_ago(one, 29 if cared == "lately" else 31)
    agent("yi")

    if cared == "looked":
        look_at(ticket_id=one.pk, user_id=first.pk, is_writing=False)
    elif cared == "wrote":
        say(ticket_id=one.pk, voice=Voice.AGENT, body="正在核实", client_id="a", author_id=first.pk)
        move_ticket(ticket_id=one.pk, to=TicketState.OPEN, by_id=first.pk)
    elif cared == "waits":
        move_ticket(ticket_id=one.pk, to=TicketState.WAITING, by_id=first.pk)

    assert route_waiting() == 0
    assert owner_of(one) == first.pk


def test_the_most_urgent_that_nobody_has_is_taken_first(outbox):
    mine = agent("jia", "general", takes_new=False)
    usual, urgent, others = ticket(), ticket(priority=0), ticket(kind=TicketKind.REFUND, priority=0)

    assert [take_next(agent_id=mine.pk) for _ in range(3)] == [urgent.pk, usual.pk, None]
    assert owner_of(others) is None


def test_nobody_is_given_their_own(outbox):
    li, customer = agent("li"), logged_in().user
    li.staff_profile.customer = customer
    li.staff_profile.save()
    own, others = ticket(customer, priority=0), ticket()
    outbox.deliver()
    assert (owner_of(own), owner_of(others)) == (None, li.pk)

    assert take_next(agent_id=li.pk) is None
    with pytest.raises(OwnMatter):
        assign(ticket_id=own.pk, assignee_id=li.pk, by_id=li.pk)
    assert owner_of(own) is None


def test_a_queue_that_nobody_attends_keeps_no_other_queue_waiting(monkeypatch):
    monkeypatch.setattr(routing, "_ROUND", 1)
    for _each in range(2):
        ticket(kind=TicketKind.REFUND, priority=0)
    question = ticket()
    general = agent("zong", "general")

    assert route_waiting() == 1
    assert owner_of(question) == general.pk


def test_a_ticket_is_given_by_hand_to_agents_only_and_while_it_is_open():
    busy, one = agent("mang", capacity=1), ticket()
    stranger = ticket().pk
    assign(ticket_id=stranger, assignee_id=busy.pk, by_id=busy.pk)
    assign(ticket_id=one.pk, assignee_id=busy.pk, by_id=busy.pk)
    assert owner_of(one) == busy.pk

    with pytest.raises(NotAnAgent):
        assign(ticket_id=one.pk, assignee_id=one.pk + 10**6, by_id=busy.pk)
    move_ticket(ticket_id=one.pk, to=TicketState.CLOSED, by_id=busy.pk)
    with pytest.raises(TicketClosed):
        assign(ticket_id=one.pk, assignee_id=None, by_id=busy.pk)
    assert owner_of(one) == busy.pk
