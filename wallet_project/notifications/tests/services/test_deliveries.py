"""Messages on their way: when, over what, how often, and what becomes of them when it does not work."""

from datetime import datetime, timedelta

import pytest
import time_machine

from accounts.models import ConsentRecord, UserStatus
from accounts.tests.factories import logged_in
from wallet_project.kit import clock
from wallet_project.kit.clock import SHANGHAI
from wallet_project.notifications.errors import DeliveryNotRepeatable
from wallet_project.notifications.models import Delivery, FrequencyCap, Notice, Preference, Reader
from wallet_project.notifications.rules.deliveries import STEPS, Outcome, Result
from wallet_project.notifications.rules.notices import ChannelKind
from wallet_project.notifications.services import deliveries
from wallet_project.notifications.services.deliveries import (
    deliver,
    discard,
    due_deliveries,
    give_up_waiting,
    note_receipt,
    repeat,
)
from wallet_project.notifications.services.leaving import forget_messages_of
from wallet_project.notifications.tests.conftest import SENT
from wallet_project.notifications.tests.factories import agree_to_marketing, told

pytestmark = pytest.mark.usefixtures("notices")

NOON = datetime(2026, 12, 1, 12, tzinfo=SHANGHAI)
AWAY = Outcome(result=Result.RETRY, why="-1")


@pytest.fixture
def hour():
    with time_machine.travel(NOON, tick=False) as hands:
        yield hands


@pytest.fixture
def person():
    return logged_in().user


def of(message, channel="SUBSCRIBE"):
    return Delivery.objects.get(message=message, channel=channel)


def go(message, channel="SUBSCRIBE"):
    deliver(delivery_id=of(message, channel).pk)
    return of(message, channel)


def test_what_is_sent_is_sent_once_and_known_to_have_arrived_when_the_channel_says_so(channels, hour, person):
    message = told(person, "test.money")

    assert go(message).state == "SENT"
    assert go(message).state == "SENT"
    assert len(channels.got) == 1
    receipt = {"channel": ChannelKind.SUBSCRIBE, "user_id": person.pk, "provider_id": SENT.provider_id}
    assert not note_receipt(**{**receipt, "channel": ChannelKind.SMS})
    assert not note_receipt(**{**receipt, "user_id": logged_in().user.pk})
    assert note_receipt(**receipt)

    assert of(message).state == "DELIVERED"
    assert not note_receipt(**receipt)
    assert not Delivery.objects.filter(message=message, channel="SMS").exists()


def test_what_does_not_get_through_is_tried_later_and_at_last_goes_over_the_next_channel(
    channels, hour, person
):
    channels.answers[ChannelKind.SUBSCRIBE] = AWAY
    message = told(person, "test.money")

    for step in STEPS:
        waiting = go(message)
        assert (waiting.state, waiting.due_at) == ("WAITING", clock.now() + timedelta(seconds=step))
        assert waiting.pk not in due_deliveries(at=clock.now(), limit=1000)
        hour.shift(timedelta(seconds=step))
        assert waiting.pk in due_deliveries(at=clock.now(), limit=1000)
    dead = go(message)

    assert (dead.state, dead.why, dead.attempts) == ("DEAD", "-1", len(STEPS) + 1)
    assert go(message, "SMS").state == "SENT"
    assert [channel for channel, _ in channels.got] == ["SUBSCRIBE"] * (len(STEPS) + 1) + ["SMS"]


@pytest.mark.parametrize(
    "answer",
    [
        Outcome(result=Result.FAILED, why="43101"),
        Outcome(result=Result.SKIPPED, why="NO_QUOTA"),
    ],
)
def test_who_cannot_be_reached_over_one_channel_is_told_over_the_next(channels, hour, person, answer):
    channels.answers[ChannelKind.SUBSCRIBE] = answer
    message = told(person, "test.money")

    ended = go(message)

    assert (ended.state, ended.why) == (answer.result, answer.why)
    assert of(message, "SMS").state == "WAITING"


def test_whoever_leaves_while_they_are_being_told_leaves_nothing_behind(hour, person, monkeypatch):
    message = told(person, "test.money")

    def leave(_delivery):
        forget_messages_of(user_id=person.pk)
        return SENT

    monkeypatch.setattr(deliveries, "_CHANNELS", {ChannelKind.SUBSCRIBE: leave})
    deliver(delivery_id=of(message).pk)

    assert not Delivery.objects.filter(message=message.pk).exists()


def test_what_may_have_arrived_is_not_sent_again_by_itself(channels, hour, person):
    channels.answers[ChannelKind.SUBSCRIBE] = Outcome(result=Result.UNSURE, why="timeout")
    silent = told(person, "test.money")
    go(silent)
    channels.answers[ChannelKind.SUBSCRIBE] = MemoryError()  # the worker dies in the middle
    killed = told(person, "test.money")
    with pytest.raises(MemoryError):
        go(killed)
    assert of(killed).state == "SENDING"
    assert give_up_waiting(at=clock.now()) == 0

    hour.shift(timedelta(minutes=11))
    assert give_up_waiting(at=clock.now()) == 1

    assert of(silent).state == of(killed).state == "UNSURE"
    go(killed)
    assert len(channels.got) == 2
    assert not Delivery.objects.filter(message__in=[silent, killed], channel="SMS").exists()


def test_a_receipt_of_what_was_never_answered_tells_what_it_was_if_there_is_one_only(channels, hour, person):
    channels.answers[ChannelKind.SUBSCRIBE] = Outcome(result=Result.UNSURE, why="timeout")
    one, other = told(person, "test.money"), told(person, "test.security")
    receipt = {"channel": ChannelKind.SUBSCRIBE, "user_id": person.pk, "provider_id": "9001"}
    go(one), go(other)
    assert not note_receipt(**receipt)
    discard(delivery_id=of(other).pk)

    assert note_receipt(**receipt, error="43101")
    assert not note_receipt(**receipt)

    assert (of(one).state, of(one).why, of(one).provider_id) == ("FAILED", "43101", "9001")
    assert of(one, "SMS").state == "WAITING"
    assert of(other).state == "DISCARDED"


@pytest.mark.parametrize(
    ("category", "urgent", "waits"),
    [
        ("money", False, True),
        ("money", True, False),
        ("service", False, True),
        ("security", False, False),
        ("legal", False, False),
    ],
)
def test_at_night_only_what_must_be_told_is_pushed_the_rest_waits_for_the_morning(
    channels, hour, person, category, urgent, waits
):
    Notice.objects.filter(code=f"test.{category}").update(is_urgent=urgent)
    hour.move_to(NOON.replace(hour=23))
    message = told(person, f"test.{category}")

    at_night = go(message)

    assert message.in_inbox
    if not waits:
        assert at_night.state == "SENT"
        return
    assert (at_night.state, at_night.due_at) == ("WAITING", NOON.replace(day=2, hour=8))
    assert (channels.got, at_night.attempts) == ([], 0)
    hour.move_to(NOON.replace(day=2, hour=8))
    assert go(message).state == "SENT"


def test_everybody_has_their_own_night(channels, hour, person):
    sleeper = logged_in().user
    Reader.objects.create(user=person, has_quiet_hours=False)
    Reader.objects.create(user=sleeper, quiet_from="11:00", quiet_until="13:00")
    hour.move_to(NOON.replace(hour=23))
    assert go(told(person, "test.money")).state == "SENT"
    assert go(told(sleeper, "test.money")).state == "SENT"

    hour.move_to(NOON)
    assert go(told(sleeper, "test.money")).due_at == NOON.replace(hour=13)


def test_who_changed_their_mind_meanwhile_is_not_told(channels, hour, person):
    agree_to_marketing(person)
    muted, offer, off = (told(person, f"test.{each}") for each in ("money", "growth", "service"))
    gone = logged_in().user
    left = told(gone, "test.security")
    for channel in ("SUBSCRIBE", "SMS"):
        Preference.objects.create(user=person, category="MONEY", channel=channel, at=clock.now())
    agree_to_marketing(person, act=ConsentRecord.Act.WITHDRAWN)
    Notice.objects.filter(code="test.service").update(is_enabled=False)
    gone.status = UserStatus.CLOSED
    gone.save()

    ended = {each.why or each.state for each in (go(muted), go(offer), go(off), go(left))}

    assert ended == {"UNSUBSCRIBED", "NO_CONSENT", "SWITCHED_OFF", "LEFT"}
    assert go(muted, "SMS").why == "UNSUBSCRIBED"
    assert go(offer, "SMS").why == "NO_CONSENT"
    assert not Delivery.objects.filter(message__in=[off, left], channel="SMS").exists()
    assert channels.got == []


def test_nobody_hears_of_a_category_more_often_than_its_cap_allows(channels, hour, person):
    FrequencyCap.objects.filter(category="GROWTH").update(per_day=1, per_week=2)
    agree_to_marketing(person)

    def push():
        message = told(person, "test.growth")
        return go(message).why or of(message).state

    today = [push(), push()]
    hour.shift(timedelta(days=1))
    tomorrow = [push(), push()]
    hour.shift(timedelta(days=2))
    third = push()
    hour.shift(timedelta(days=5))
    next_week = push()

    assert (today, tomorrow) == (["SENT", "CAPPED"], ["SENT", "CAPPED"])
    assert (third, next_week) == ("CAPPED", "SENT")
    assert go(told(person, "test.security")).state == "SENT"


def test_staff_send_again_what_failed_and_put_aside_what_is_hopeless(channels, hour, person):
    channels.answers[ChannelKind.SUBSCRIBE] = Outcome(result=Result.FAILED, why="43101")
    failed, sent = told(person, "test.money"), told(person, "test.money")
    go(failed)
    channels.answers[ChannelKind.SUBSCRIBE] = SENT
    go(sent)
    with pytest.raises(DeliveryNotRepeatable):
        repeat(delivery_id=of(sent).pk)

    repeat(delivery_id=of(failed).pk)

    assert go(failed).state == "SENT"
    channels.answers[ChannelKind.SUBSCRIBE] = Outcome(result=Result.FAILED, why="40003")
    hopeless = told(person, "test.money")
    go(hopeless)
    discard(delivery_id=of(hopeless).pk)
    assert of(hopeless).state == "DISCARDED"
    with pytest.raises(DeliveryNotRepeatable):
        repeat(delivery_id=of(hopeless).pk)
