"""The outbox is heard in bulk: nothing is missed, nothing counted twice, and whoever leaves is forgotten."""

import json

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.events import AccountClosed, AccountsMerged, PhoneBound, SignedIn, UserRegistered
from accounts.models import User
from coupons.events import CouponIssued
from payments.events import OrderPaid
from wallet.events import TopUpCredited
from wallet_project.analytics.models import Activity, Alert, Event, EventFeed, Journey, UnreadEvent
from wallet_project.analytics.rules.events import HEARD
from wallet_project.analytics.services import event_feed
from wallet_project.analytics.services.alerts import GONE
from wallet_project.analytics.services.event_feed import hear_events
from wallet_project.analytics.services.months import drop_months, make_months
from wallet_project.analytics.services.watching import watch
from wallet_project.analytics.tests.happening import happened, moment, told_at
from wallet_project.kit import clock
from wallet_project.kit.events import Event as Published
from wallet_project.kit.events import publish
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.privileges import WALLET_APP_ROLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create()


def paid(user, amount=4_500, number="O1"):
    return OrderPaid(
        order_no=number, payer_id=user.pk, amount=amount, discount=500, from_balance=1_000, from_channel=3_500
    )


def activity_of(user):
    return list(
        Activity.objects.filter(user=user).order_by("day").values_list("acts", "paid", "topped_up", "hours")
    )


def test_what_is_published_is_kept_with_what_its_name_may_carry(person):
    told_at("2026-11-27", 9, UserRegistered(user_id=person.pk), PhoneBound(user_id=person.pk))
    told_at("2026-11-27", 23, TopUpCredited(number="P1", user_id=person.pk, amount=10_000))
    told_at("2026-11-28", 0, paid(person))

    hear_events()

    kept = Event.objects.filter(user=person).order_by("at", "key")
    assert [event.name for event in kept] == ["registered", "phone_bound", "topped_up", "paid"]
    assert kept[3].properties == {
        "amount": 4_500,
        "discount": 500,
        "from_balance": 1_000,
        "from_channel": 3_500,
    }
    assert activity_of(person) == [(3, 0, 1, 1 << 9 | 1 << 23), (1, 1, 0, 1 << 0)]
    journey = Journey.objects.get(user=person)
    days = [journey.registered_on, journey.phone_on, journey.topped_up_on, journey.paid_on]
    assert [str(day) for day in days] == ["2026-11-27", "2026-11-27", "2026-11-27", "2026-11-28"]


def test_hearing_again_from_the_beginning_counts_nothing_twice(person, monkeypatch):
    monkeypatch.setattr(event_feed, "AT_A_TIME", 2)  # several batches
    for number in range(5):
        told_at("2026-11-28", 10, paid(person, number=f"O{number}"))
    hear_events()
    before = activity_of(person)

    EventFeed.objects.update(upto=moment("2026-11-01"))
    hear_events()

    assert before == activity_of(person) == [(5, 5, 0, 1 << 10)]
    assert Event.objects.filter(user=person).count() == 5


def test_what_nobody_did_themselves_is_no_visit(person):
    told_at("2026-11-28", 9, CouponIssued(serial="C1", template_id=7, user_id=person.pk, source="grant:1"))
    hear_events()

    assert Event.objects.get(user=person).properties == {"template_id": 7}
    assert activity_of(person) == []


@pytest.mark.parametrize("heard", HEARD, ids=lambda heard: f"{heard.event} {heard.name}")
def test_the_vocabulary_names_events_and_parts_that_are_there(heard):
    [event] = [event for event in _all(Published) if vars(event).get("name") == heard.event]
    parts = set(event.__dataclass_fields__)

    assert set(heard.keeps) <= parts
    assert not heard.who or heard.who in parts


def _all(event):
    for child in event.__subclasses__():
        yield child
        yield from _all(child)


def test_whoever_closes_their_account_is_forgotten_and_what_they_did_stays_counted(person):
    happened("opened", user_id=person.pk, device_id="d-1", scene=1001)
    with transaction.atomic():
        publish(SignedIn(user_id=person.pk, method="WECHAT", is_new_device=False))
        publish(AccountClosed(user_id=person.pk))
    before = Event.objects.count()

    hear_events()

    assert Event.objects.filter(user=person).count() == Activity.objects.filter(user=person).count() == 0
    assert not Journey.objects.filter(user=person).exists()
    assert Event.objects.count() - before == 2
    assert Event.objects.get(name="opened").visitor is None


def test_two_accounts_that_become_one_were_one_person(person):
    ends = User.objects.create()
    told_at("2026-11-27", 9, UserRegistered(user_id=ends.pk))
    told_at("2026-11-28", 9, UserRegistered(user_id=person.pk), paid(person))
    told_at("2026-11-28", 10, SignedIn(user_id=ends.pk, method="WECHAT", is_new_device=False))
    told_at(
        "2026-11-28",
        11,
        AccountClosed(user_id=ends.pk),
        AccountsMerged(user_id=person.pk, closed_user_id=ends.pk),
    )

    hear_events()
    hear_events()

    assert activity_of(person) == [(1, 0, 0, 1 << 9), (3, 1, 0, 1 << 9 | 1 << 10)]
    assert str(Journey.objects.get(user=person).registered_on) == "2026-11-27"
    assert activity_of(ends) == []
    assert not Event.objects.filter(user=ends).exists()


def rewrite(stored, **payload):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")
        cursor.execute(
            "UPDATE kit_storedevent SET payload = payload || %s::jsonb WHERE id = %s",
            [json.dumps(payload), stored.pk],
        )
        cursor.execute(f"SET LOCAL ROLE {WALLET_APP_ROLE}")


def spoilt(*events, **payload):
    """As a version that is at fault would have published it."""
    told_at("2026-11-28", 10, *events)
    stored = StoredEvent.objects.latest("pk")
    rewrite(stored, **payload)
    return stored


def test_an_event_that_cannot_be_read_is_set_aside_and_the_others_are_heard(person):
    told_at("2026-11-28", 9, paid(person, number="O1"))
    bad = spoilt(paid(person, number="O2"), payer_id="somebody")
    told_at("2026-11-28", 11, paid(person, number="O3"), PhoneBound(user_id=person.pk))

    for _twice in range(2):
        hear_events()

    assert activity_of(person) == [(3, 2, 0, 1 << 9 | 1 << 11)]
    unread = UnreadEvent.objects.get()
    assert (unread.event_id, unread.name) == (bad.pk, "payments.order.paid")
    assert "somebody" in unread.why
    watch()
    alert = Alert.objects.get(code="EVENTS_UNREAD")
    assert (alert.count, alert.said) == (1, {"payments.order.paid": "1 个"})


def test_what_was_set_aside_is_heard_when_it_can_be_read(person):
    bad = spoilt(paid(person), payer_id="somebody")
    hear_events()
    watch()
    rewrite(bad, payer_id=person.pk)
    EventFeed.objects.update(upto=clock.now())  # long past it

    hear_events()
    watch()

    assert activity_of(person) == [(1, 1, 0, 1 << 10)]
    assert not UnreadEvent.objects.exists()
    assert Alert.objects.get(code="EVENTS_UNREAD").note == GONE


@pytest.mark.parametrize("who", [None, "somebody"])
def test_one_who_left_and_cannot_be_read_keeps_nobody_else_from_being_forgotten(person, who):
    told_at("2026-11-28", 9, paid(person))
    bad = spoilt(AccountClosed(user_id=0), user_id=who)
    told_at("2026-11-28", 11, AccountClosed(user_id=person.pk))

    hear_events()

    assert not Event.objects.filter(user=person).exists()
    assert [unread.pk for unread in UnreadEvent.objects.all()] == [bad.pk]


@pytest.mark.parametrize("act", ["UPDATE analytics_event SET name = 'paid'", "DELETE FROM analytics_event"])
def test_the_application_can_only_add_events(person, act):
    happened("opened", user_id=person.pk, device_id="d-1")

    with connection.cursor() as cursor, transaction.atomic():
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(act)
        transaction.set_rollback(True)

    assert Event.objects.get(user=person).name == "opened"


def test_months_go_whole_and_the_last_half_year_never(person):
    make_months(first=moment("2024-02-01"), last=moment("2024-02-01"))
    told_at("2024-02-10", 9, paid(person))
    told_at("2024-03-10", 9, paid(person))
    hear_events()

    assert drop_months(before=moment("2024-03-20")) == 1
    assert [event.at.month for event in Event.objects.filter(user=person)] == [3]
    assert drop_months(before=moment("2027-01-01")) == 1
