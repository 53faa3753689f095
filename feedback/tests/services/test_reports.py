"""What the lead reads: promises kept and broken, by whom, where and when; what people write about."""

from datetime import timedelta

import pytest
import time_machine

from accounts.services.staff import hire
from feedback.models import RootCause, Ticket
from feedback.rules.tickets import Voice
from feedback.selectors.reports import (
    BY_AGENT,
    BY_CLOCK,
    BY_HOUR,
    BY_QUEUE,
    Kept,
    kept_by,
    standing,
    troubles_by,
)
from feedback.services.tickets import say
from feedback.tests.factories import opened
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db
NINE = clock.beginning_of(clock.business_day(clock.now())) + timedelta(
    days=400, hours=9
)  # nobody else's year


@pytest.fixture
def day(outbox):
    """Three complaints at nine, two answered by 小王: one in time, one two days later; one by nobody yet."""
    staff, _password = hire(username="wang", name="wang", employee_no="E-w", password="three unusual words")
    cause = RootCause.objects.create(code="late-bank", name="银行到账慢")
    with time_machine.travel(NINE, tick=False) as hands:
        asked = [opened(kind="COMPLAINT", amount=amount, user_id=None) for amount in (1_00, 20_00, 300_00)]
        Ticket.objects.filter(pk=asked[0].pk).update(cause=cause)
        outbox.deliver()
        for ticket, later in zip(asked, (timedelta(hours=3), timedelta(hours=48)), strict=False):
            hands.move_to(NINE + later)
            say(ticket_id=ticket.pk, voice=Voice.AGENT, body="在查了", client_id="1", author_id=staff.pk)
            outbox.deliver()
        yield staff


def test_promises_are_counted_by_clock_agent_queue_and_hour(day):
    period = {"since": NINE, "until": NINE + timedelta(days=7)}

    assert kept_by(BY_CLOCK, **period) == [Kept(group="FIRST_REPLY", hits=1, misses=1)]
    assert kept_by(BY_AGENT, **period) == [Kept(group=day.pk, hits=1, misses=1)]
    assert kept_by(BY_QUEUE, **period) == [Kept(group="投诉", hits=1, misses=1)]
    assert kept_by(BY_HOUR, **period) == [Kept(group=9, hits=1, misses=1)]
    assert kept_by(BY_CLOCK, **period)[0].percent == 50
    assert kept_by(BY_CLOCK, since=NINE + timedelta(days=2), until=NINE + timedelta(days=3)) == []


def test_troubles_are_counted_with_their_trend_and_the_money_in_question(day, django_assert_num_queries):
    with django_assert_num_queries(1):
        first = troubles_by("cause__name", since=NINE, until=NINE + timedelta(days=1))
    later = troubles_by("kind", since=NINE + timedelta(days=1), until=NINE + timedelta(days=2))

    assert [(each.group, each.tickets, each.before, each.amount) for each in first] == [
        (None, 2, 0, 320_00),
        ("银行到账慢", 1, 0, 1_00),
    ]
    assert [(each.group, each.tickets, each.before, each.amount) for each in later] == [
        ("COMPLAINT", 0, 3, 0)
    ]


def test_how_the_desk_stands_is_one_look(day, django_assert_num_queries):
    with django_assert_num_queries(1):
        figures = standing(at=clock.now())

    assert figures.overdue >= 1
    assert figures.running >= 4
