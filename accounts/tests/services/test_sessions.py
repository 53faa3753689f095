"""Tokens: refreshed once, repeated harmlessly, stolen in vain, dead at once."""

from dataclasses import asdict
from datetime import timedelta

import pytest
import time_machine

from accounts.errors import AccountFrozen, TokenExpired, TokenInvalid
from accounts.models import RevokeReason, Session, User, UserStatus
from accounts.selectors import sessions as selectors
from accounts.selectors.outdated import outdated_sessions
from accounts.selectors.sessions import holder_of
from accounts.services.sessions import forget_access, log_out, refresh_session
from accounts.tests.factories import logged_in
from wallet_project.audit.models import AuditEntry
from wallet_project.kit import clock
from wallet_project.kit.crypto import token_hash
from wallet_project.kit.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return logged_in()


def refresh(person, token=None, device_id=None):
    return refresh_session(
        refresh_token=token or person.tokens.refresh_token, device_id=device_id or person.device.device_id
    )


def after(seconds):
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=False)


def test_a_token_says_whose_it_is(person):
    holder = holder_of(person.tokens.access_token)

    assert holder.user == person.user
    assert (holder.session_id, holder.device_id) == (person.session.pk, person.device.device_id)


def test_the_tables_hold_no_token_that_could_be_used(person):
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in Session.objects.filter(pk=person.session.pk).values_list()[0]
    )

    for token in (person.tokens.access_token, person.tokens.refresh_token):
        for part in token.split("."):
            assert part.encode() not in stored


def test_an_access_token_ends_after_its_time(person):
    holder_of(person.tokens.access_token)  # remembered

    with after(person.tokens.expires_in + 1), pytest.raises(TokenExpired):
        holder_of(person.tokens.access_token)


def test_refreshing_gives_new_tokens_and_the_old_ones_stop_working(person):
    holder_of(person.tokens.access_token)  # remembered

    fresh = refresh(person)

    assert holder_of(fresh.access_token).user == person.user
    assert fresh.refresh_token != person.tokens.refresh_token
    with pytest.raises(TokenExpired):  # "refresh", not "log in again": a request that overtook the refresh
        holder_of(person.tokens.access_token)


def test_refreshing_keeps_a_session_alive_for_as_long_as_it_is_used(person):
    token = person.tokens.refresh_token
    for _ in range(3):
        with after(29 * 24 * 3600):
            token = refresh(person, token).refresh_token
            assert person.session.refresh_expires_at > clock.now() + timedelta(days=29)


def test_an_unused_session_ends(person):
    with after(31 * 24 * 3600), pytest.raises(TokenInvalid):
        refresh(person)


def test_a_lost_answer_can_be_asked_for_again(person):
    with after(0):
        first = refresh(person)
        with after(20):
            again = refresh(person)

    assert (again.access_token, again.refresh_token) == (first.access_token, first.refresh_token)
    assert (first.expires_in, again.expires_in) == (7200, 7180)
    assert holder_of(again.access_token).user == person.user


@pytest.mark.parametrize("generations", [1, 3])
def test_an_old_refresh_token_ends_the_session_for_thief_and_owner(person, generations):
    fresh = person.tokens
    for _ in range(generations):
        fresh = refresh(person, fresh.refresh_token)
    holder_of(fresh.access_token)  # remembered

    with after(31 if generations == 1 else 0), pytest.raises(TokenInvalid):
        refresh(person)

    for token in (person.tokens, fresh):
        with pytest.raises(TokenInvalid):
            holder_of(token.access_token)
        with pytest.raises(TokenInvalid):
            refresh(person, token.refresh_token)
    assert person.session.revoke_reason == RevokeReason.TOKEN_REUSED
    entry = AuditEntry.objects.get(action="accounts.session.stolen")
    assert entry.subject == f"user:{person.user.pk}"


def test_a_refresh_token_is_worth_nothing_on_another_device(person):
    with pytest.raises(TokenInvalid):
        refresh(person, device_id="somewhere-else")

    assert person.session.revoke_reason == RevokeReason.OTHER_DEVICE
    with pytest.raises(TokenInvalid):
        holder_of(person.tokens.access_token)


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(person):
    with pytest.raises(TokenExpired):
        holder_of(person.tokens.refresh_token)
    with pytest.raises(TokenInvalid):
        refresh(person, token=person.tokens.access_token)


@pytest.mark.parametrize("token", ["", "a", ".", "a.", ".b", "a.b", "é.ü", "x" * 500, "a." + "b" * 500])
def test_a_made_up_token_is_invalid_and_touches_nothing(person, token):
    with pytest.raises(TokenInvalid):
        holder_of(token)
    with pytest.raises(TokenInvalid):
        refresh_session(refresh_token=token, device_id=person.device.device_id)

    assert holder_of(person.tokens.access_token).user == person.user


def test_logging_out_ends_this_session_and_no_other(person):
    other = logged_in()
    holder_of(person.tokens.access_token)  # remembered

    log_out(session_id=person.session.pk)
    log_out(session_id=person.session.pk)

    with pytest.raises(TokenInvalid):
        holder_of(person.tokens.access_token)
    with pytest.raises(TokenInvalid):
        refresh(person)
    assert person.session.revoke_reason == RevokeReason.LOGGED_OUT
    assert holder_of(other.tokens.access_token).user == other.user


def test_a_reader_who_saw_the_session_before_it_ended_cannot_bring_it_back(person, monkeypatch):
    def log_out_before_it_is_remembered(holder):
        log_out(session_id=person.session.pk)
        return asdict(holder)

    with monkeypatch.context() as slow:
        slow.setattr(selectors, "asdict", log_out_before_it_is_remembered)
        assert holder_of(person.tokens.access_token)  # it was still open when this reader looked

    with pytest.raises(TokenInvalid):
        holder_of(person.tokens.access_token)


def test_a_frozen_user_can_neither_act_nor_refresh(person):
    holder_of(person.tokens.access_token)  # remembered
    User.objects.filter(pk=person.user.pk).update(status=UserStatus.FROZEN)
    forget_access([token_hash(person.tokens.access_token)])

    with pytest.raises(AccountFrozen):
        holder_of(person.tokens.access_token)
    with pytest.raises(AccountFrozen):
        refresh(person)

    assert person.session.revoked_at is None  # thawed, they go on where they were


def test_a_remembered_token_costs_no_query(person, django_assert_num_queries):
    # 1 session with its user and device
    with django_assert_num_queries(1):
        holder_of(person.tokens.access_token)
    # all of it remembered, and the User made of it asks for nothing either
    with django_assert_num_queries(0):
        user = holder_of(person.tokens.access_token).user
        assert (user.pk, user.uid, user.status, user.phone_bound_at) == (
            person.user.pk,
            person.user.uid,
            "ACTIVE",
            None,
        )


def test_without_valkey_the_tables_answer(person, valkey_away, django_assert_num_queries):
    # 1 session each time: nothing can be remembered
    with django_assert_num_queries(2):
        assert holder_of(person.tokens.access_token).user == person.user
        assert holder_of(person.tokens.access_token).user == person.user


def test_without_valkey_a_logout_holds_and_the_marker_is_left_later(person, valkey_away):
    hashed = token_hash(person.tokens.access_token)

    log_out(session_id=person.session.pk)

    with pytest.raises(TokenInvalid):
        holder_of(person.tokens.access_token)
    assert [job.arguments for job in Job.objects.filter(task="accounts.forget_access")] == [
        {"hashes": [hashed.hex()]}
    ]


def test_the_marker_that_could_not_be_left_is_left_when_valkey_is_back(person, outbox):
    holder_of(person.tokens.access_token)  # remembered
    session = person.session
    session.revoked_at, session.revoke_reason = clock.now(), RevokeReason.LOGGED_OUT
    session.save()
    assert holder_of(person.tokens.access_token)  # still believed

    Job.objects.create(
        task="accounts.forget_access",
        arguments={"hashes": [token_hash(person.tokens.access_token).hex()]},
        available_at=clock.now(),
    )
    outbox.deliver()

    with pytest.raises(TokenInvalid):
        holder_of(person.tokens.access_token)
    assert not Job.objects.exists()


def test_a_session_is_outdated_when_it_ended_long_enough_ago_and_no_other_is(person):
    ended = logged_in()
    log_out(session_id=ended.session.pk)

    both = Session.objects.filter(device__in=[person.device, ended.device])
    assert not (both & outdated_sessions(before=clock.now() - timedelta(minutes=1))).exists()
    assert (both & outdated_sessions(before=clock.now() + timedelta(minutes=1))).get() == ended.session
