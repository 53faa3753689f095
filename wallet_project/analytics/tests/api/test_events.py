"""The mini-program tells what happens in it: in batches, from a list, and nothing about who somebody is."""

import uuid
from datetime import timedelta

import pytest

from accounts.tests.factories import logged_in, newcomer
from wallet_project.analytics.models import Activity, Event, Journey
from wallet_project.analytics.rules.events import CLIENT
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db
VIEWED = {"screen": "coupons", "seconds": 11}


def event(name="opened", *, ago=timedelta(), **properties):
    at = clock.iso(clock.now() - ago)
    return {"id": str(uuid.uuid4()), "name": name, "at": at, "properties": properties}


def from_devices():
    return Event.objects.exclude(visitor=None)


def told(client, *events, person=None, **changed):
    body = {"device_id": "d-7f2c9e51", "platform": "ios", "events": list(events), **changed}
    headers = person.as_header() if person else {}
    return client.post("/api/v1/events", body, content_type="application/json", headers=headers)


def test_before_a_login_there_is_a_visitor_and_after_it_a_person_on_the_same_device(client):
    person = logged_in()

    assert told(client, event(scene=1001)).json() == {"kept": 1}
    assert told(
        client, event("viewed", **VIEWED), event("tapped", screen="home", target="pay"), person=person
    ).json() == {"kept": 2}

    before, *after = from_devices().order_by("at", "name")
    assert (before.user_id, before.properties) == (None, {"scene": 1001, "platform": "ios"})
    assert {each.user_id for each in after} == {person.user.pk}
    assert {each.visitor for each in (before, *after)} == {before.visitor} != {None}
    assert "d-7f2c9e51" not in str(before.visitor)
    assert Activity.objects.get(user=person.user).acts == 2


def test_a_batch_that_is_sent_again_counts_nothing_twice(client):
    person = logged_in()
    batch = [event(ago=timedelta(days=30)), event("viewed", **VIEWED)]

    answers = [told(client, *batch, person=person).json() for _ in range(2)]
    elsewhere = told(client, *batch, device_id="d-another").json()

    assert (answers, elsewhere) == ([{"kept": 2}, {"kept": 0}], {"kept": 2})
    assert sum(Activity.objects.filter(user=person.user).values_list("acts", flat=True)) == 2


def test_a_clock_that_is_wrong_is_believed_within_a_week(client):
    told(client, event(ago=timedelta(days=30)), event(ago=-timedelta(days=3)), event(ago=timedelta(days=2)))

    ages = sorted(round((clock.now() - each.at) / timedelta(days=1)) for each in from_devices())
    assert ages == [0, 2, 7]


@pytest.mark.parametrize(
    "wrong",
    [
        event("paid", amount=1),
        event("closed"),
        event(phone="13800000000"),
        event("tapped", screen="home", target="call_13800000000"),
        event("viewed", screen="elsewhere"),
        event("viewed", screen="home", seconds=True),
        event("failed", code="张三"),
        {**event(), "user_id": 1},
        {**event(), "id": "1"},
        {**event(), "at": "yesterday"},
        {**event(), "properties": [1]},
    ],
    ids=lambda wrong: wrong["name"],
)
def test_what_is_not_on_the_list_is_refused_and_nothing_of_the_batch_is_kept(client, wrong):
    assert_error(told(client, event(), wrong), 400, "INVALID_INPUT")

    assert not from_devices().exists()


@pytest.mark.parametrize(
    "changed", [{"events": []}, {"platform": "fax"}, {"device_id": "a b"}, {"device_id": ""}]
)
def test_a_batch_has_a_device_and_one_to_fifty_events(client, changed):
    assert_error(told(client, event(), **changed), 400, "INVALID_INPUT")
    assert_error(told(client, *(event() for _ in range(51))), 400, "INVALID_INPUT")

    assert not from_devices().exists()
    assert told(client, *(event() for _ in range(50))).json() == {"kept": 50}


def test_nobody_is_followed_who_has_not_agreed(client):
    assert_error(told(client, event(), person=newcomer()), 451, "CONSENT_REQUIRED")

    assert not from_devices().exists()


def test_a_client_cannot_say_what_only_the_outbox_knows():
    assert not set(CLIENT) & {"paid", "registered", "topped_up", "closed"}


def test_a_batch_costs_the_same_however_long_it_is(client, django_assert_max_num_queries):
    person = logged_in()
    told(client, event(), person=person)

    with django_assert_max_num_queries(6):
        told(client, *(event("viewed", **VIEWED) for _ in range(50)), person=person)

    assert Activity.objects.get(user=person.user).acts == 51
    assert not Journey.objects.exists()
