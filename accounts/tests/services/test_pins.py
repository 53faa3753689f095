"""PINs: kept as nothing that could be guessed back, tried a few times, changed by whoever can prove it."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from accounts.errors import (
    PinAlreadySet,
    PinBlocked,
    PinLocked,
    PinNotSet,
    PinTooWeak,
    PinWrong,
    StepUpRequired,
    TokenInvalid,
)
from accounts.models import PaymentPin, Session, StepUpChallenge, WrongPin
from accounts.rules.step_up import Operation
from accounts.selectors.pins import pin_state_of
from accounts.selectors.security_facts import cooldown_of
from accounts.selectors.sessions import holder_of
from accounts.services import pin_hashes
from accounts.services.pins import change_pin, check_pin, reset_pin, set_pin
from accounts.tests.factories import PIN, another_device, grant_for, logged_in, with_pin
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.errors import TooManyRequests
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db

WRONG, OTHER = "705914", "290463"


@pytest.fixture
def person():
    return with_pin(logged_in())


@pytest.fixture
def with_phone(person):
    person.user.set_phone("13800138000", at=clock.now() - timedelta(days=40))
    person.user.save()
    return person


def check(person, pin=PIN):
    check_pin(user_id=person.user.pk, device=person.device, pin=pin)


def miss(person, times):
    for _ in range(times):
        with pytest.raises((PinWrong, PinLocked, PinBlocked)):
            check(person, WRONG)


def known(person):
    person.device.first_seen_at = clock.now() - timedelta(days=9)
    person.device.save()
    return person


def wish(person, kind, pin=OTHER, **more):
    return {
        "user_id": person.user.pk,
        "device_id": person.device.device_id,
        "pin": pin,
        "grant": grant_for(person, Operation(kind=kind)),
        **more,
    }


def after(**time):
    return time_machine.travel(clock.now() + timedelta(**time), tick=False)


def test_what_is_stored_is_no_pin_and_of_one_person_alone(person):
    other, row = with_pin(logged_in()), PaymentPin.objects.get(user=person.user)
    stored = bytes(row.pin_hash)

    assert PIN.encode() not in stored
    assert stored.startswith(b"$argon2id$")
    assert stored != bytes(PaymentPin.objects.get(user=other.user).pin_hash)
    PaymentPin.objects.filter(user=other.user).update(pin_hash=stored)
    miss(other, 1)
    check(person)


def test_without_its_pepper_a_pin_cannot_be_proven(person, settings):
    settings.PIN_PEPPER = {2: bytes(range(32))}

    miss(person, 1)


def test_a_pin_moves_to_the_new_pepper_when_it_is_next_proven(person, settings):
    settings.PIN_PEPPER = {2: bytes(range(32)), **settings.PIN_PEPPER}
    check(person)
    assert PaymentPin.objects.get(user=person.user).pepper == 2

    settings.PIN_PEPPER = {2: bytes(range(32))}
    check(person)


def test_each_wrong_try_says_how_many_are_left_and_a_right_one_forgives(person):
    for left in (4, 3, 2, 1):
        with pytest.raises(PinWrong) as wrong:
            check(person, WRONG)
        assert wrong.value.detail == {"tries_left": left}

    check(person)

    with pytest.raises(PinWrong) as wrong:
        check(person, WRONG)
    assert wrong.value.detail == {"tries_left": 4}


def test_five_wrong_ones_lock_for_three_hours(person):
    miss(person, 4)
    with pytest.raises(PinLocked) as locked:
        check(person, WRONG)
    assert locked.value.detail == {"locked_until": clock.iso(WrongPin.objects.latest("pk").locks_until)}

    with pytest.raises(PinLocked):
        check(person)
    assert WrongPin.objects.count() == 5
    assert AuditEntry.objects.filter(action="accounts.pin.locked").count() == 1
    with after(hours=2, minutes=59), pytest.raises(PinLocked):
        check(person)
    with after(hours=3, seconds=1):
        check(person)


def test_ten_wrong_ones_in_a_day_end_the_pin(person):
    miss(person, 5)
    with after(hours=3, seconds=1):
        miss(person, 4)
        with pytest.raises(PinBlocked):
            check(person, WRONG)
        with pytest.raises(PinBlocked):
            check(person)
    with after(days=3):
        with pytest.raises(PinBlocked):
            check(person)
        state = pin_state_of(user_id=person.user.pk, device_id=person.device.device_id, at=clock.now())
        assert (state.tries_left, state.must_be_reset) == (0, True)


def test_who_guesses_on_new_devices_does_not_lock_the_owners_phone(person):
    known(person)
    thief, accomplice = another_device(person), another_device(person)
    miss(thief, 5)

    with pytest.raises(PinLocked):
        check(accomplice)
    check(person)

    with pytest.raises(PinLocked):
        check(thief)


def test_a_reset_lifts_every_lock(with_phone):
    miss(with_phone, 5)
    wanted = wish(with_phone, "pin.reset", session_id=with_phone.session.pk)

    reset_pin(**wanted)

    check(with_phone, OTHER)
    miss(with_phone, 1)


def test_a_right_pin_among_ten_tries_at_once_is_not_the_tenth_wrong_one(person):
    miss(person, 5)
    with after(hours=4):
        miss(person, 4)
        check(person)
        assert PaymentPin.objects.get(user=person.user).blocked_at is None
        check(person)


def test_who_has_no_pin_waits_as_long_to_hear_it(monkeypatch):
    made = []
    work = pin_hashes.work_as_hard
    monkeypatch.setattr("accounts.services.pins.work_as_hard", lambda pin: made.append(work(pin)))

    with pytest.raises(PinNotSet):
        check(logged_in())

    assert len(made) == 1
    assert not WrongPin.objects.exists()


def test_too_many_hashes_at_once_are_turned_away_and_cost_no_try(person, monkeypatch):
    monkeypatch.setattr(pin_hashes, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(pin_hashes, "PATIENCE_SECONDS", 0.01)

    with pin_hashes.hashing_slot(), pytest.raises(TooManyRequests):
        check(person, WRONG)

    assert not WrongPin.objects.exists()
    check(person)


def test_no_lock_is_held_while_the_hash_is_made(person, monkeypatch):
    seen = []
    verify = pin_hashes.pin_matches

    def look(*args, **wanted):
        seen.append([block for block in connection.atomic_blocks if not block._from_testcase])
        return verify(*args, **wanted)

    monkeypatch.setattr("accounts.services.pins.pin_matches", look)
    check(person)

    assert seen == [[]]


def test_the_first_pin_is_set_once(with_phone):
    with pytest.raises(PinAlreadySet):
        set_pin(user_id=with_phone.user.pk, device_id=with_phone.device.device_id, pin=OTHER, grant="")


@pytest.mark.parametrize("pin", ["123456", "138001", "800138"])
def test_a_weak_pin_is_refused_before_anything_is_proven(with_phone, pin):
    with pytest.raises(PinTooWeak):
        change_pin(
            user_id=with_phone.user.pk,
            device_id=with_phone.device.device_id,
            session_id=with_phone.session.pk,
            pin=pin,
            grant="",
        )

    assert not StepUpChallenge.objects.exists()


def test_changing_asks_for_the_old_pin_and_resetting_for_two_other_proofs(with_phone):
    asked = {}
    for act, kind in ((change_pin, "pin.change"), (reset_pin, "pin.reset")):
        with pytest.raises(StepUpRequired) as required:
            act(**{**wish(with_phone, kind, session_id=with_phone.session.pk), "grant": ""})
        asked[kind] = required.value.detail["factors"]

    assert asked == {"pin.change": [["PIN", "SMS"]], "pin.reset": [["SMS", "WECHAT"]]}
    check(with_phone)


@pytest.mark.parametrize(("act", "kind"), [(change_pin, "pin.change"), (reset_pin, "pin.reset")])
def test_another_pin_ends_all_other_sessions_at_once(with_phone, act, kind):
    elsewhere = another_device(with_phone)
    holder_of(elsewhere.tokens.access_token)

    act(**wish(with_phone, kind, session_id=with_phone.session.pk))

    with pytest.raises(TokenInvalid):
        holder_of(elsewhere.tokens.access_token)
    assert Session.objects.get(pk=elsewhere.session.pk).revoke_reason == "PIN_CHANGED"
    assert holder_of(with_phone.tokens.access_token).user_id == with_phone.user.pk
    check(with_phone, OTHER)
    miss(with_phone, 1)


def test_a_reset_cools_withdrawals_for_a_day_and_a_change_does_not(with_phone):
    change_pin(**wish(with_phone, "pin.change", session_id=with_phone.session.pk))
    assert cooldown_of(with_phone.user.pk, now=clock.now()) is None

    reset_pin(**wish(with_phone, "pin.reset", session_id=with_phone.session.pk))

    cooldown = cooldown_of(with_phone.user.pk, now=clock.now())
    assert cooldown.reason == "PIN_RESET"
    assert timedelta(hours=23) < cooldown.until - clock.now() <= timedelta(hours=24)


def test_what_was_done_to_a_pin_is_on_record_and_the_pin_is_not(with_phone):
    reset_pin(**wish(with_phone, "pin.reset", session_id=with_phone.session.pk))

    entry = AuditEntry.objects.get(action="accounts.pin.reset")
    assert entry.subject == f"user:{with_phone.user.pk}"
    assert OTHER not in str(entry.facts)
    assert StoredEvent.objects.filter(name="accounts.pin.reset").count() == 1
