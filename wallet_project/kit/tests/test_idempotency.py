"""The same request twice has one effect and one answer."""

import json
import uuid
from contextvars import copy_context
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.test import Client

from wallet_project.kit import clock, idempotency
from wallet_project.kit.errors import IdempotencyKeyReused, RequestInProgress
from wallet_project.kit.idempotency import Answer
from wallet_project.kit.models import IdempotencyKey, StoredEvent
from wallet_project.kit.outdated import outdated_keys
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.kit.tests.doors import EFFECT

pytestmark = pytest.mark.urls("wallet_project.kit.tests.doors")


@pytest.fixture
def person():
    return uuid.uuid4().hex[:12]


@pytest.fixture
def purpose():
    return uuid.uuid4().hex


@pytest.fixture
def spend(person, purpose):
    def post(key="key-00000001", *, person=person, path="spend", headers=None, **wish):
        body = {"amount": 500, "purpose": purpose, **wish}
        sent = {"Person": person} | ({} if key is None else {"Idempotency-Key": key}) | (headers or {})
        return Client().post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=sent
        )

    return post


def effects(purpose):
    return StoredEvent.objects.filter(name=EFFECT, aggregate=purpose).count()


def test_a_hundred_at_once_have_one_effect_and_one_answer(committed_db, spend, purpose, in_parallel):
    answers = in_parallel([spend] * 100, threads=32)

    assert effects(purpose) == 1
    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(waiting) == 100
    assert len({answer.content for answer in done}) == 1
    for answer in waiting:
        assert_error(answer, 409, "REQUEST_IN_PROGRESS")
        assert answer.headers["Retry-After"] == "1"
    again = spend()
    assert (again.status_code, again.content) == (201, done[0].content)
    assert effects(purpose) == 1


@pytest.mark.django_db
def test_the_second_answer_is_the_first_byte_for_byte_and_says_so(spend, purpose):
    first, second = spend(), spend()

    assert (second.status_code, second.content) == (first.status_code, first.content) == (201, first.content)
    assert second.headers["Content-Type"] == first.headers["Content-Type"]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert effects(purpose) == 1


@pytest.mark.django_db
def test_a_refusal_is_remembered_too(spend, purpose):
    first, second = spend(trouble="refused"), spend(trouble="refused")

    assert_error(first, 409, "STATE_CONFLICT")
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert effects(purpose) == 0


@pytest.mark.django_db
def test_a_key_of_another_request_is_refused_and_nothing_happens(spend, purpose):
    spend()

    assert_error(spend(amount=501), 422, "IDEMPOTENCY_KEY_REUSED")
    assert_error(spend(path="spend-elsewhere"), 422, "IDEMPOTENCY_KEY_REUSED")

    assert effects(purpose) == 1


@pytest.mark.django_db
def test_the_order_of_fields_and_spaces_make_no_other_request(person, purpose, spend):
    first = spend()

    body = f'{{ "purpose" : "{purpose}",\n "amount":500 }}'
    second = Client().post(
        "/api/v1/spend",
        body,
        content_type="application/json",
        headers={"Person": person, "Idempotency-Key": " key-00000001 "},
    )

    assert second.content == first.content
    assert effects(purpose) == 1


@pytest.mark.django_db
def test_a_key_belongs_to_one_person(spend, purpose, person):
    mine = spend()
    theirs = spend(person=f"{person}-2")

    assert theirs.status_code == 201
    assert theirs.content != mine.content
    assert "Idempotent-Replayed" not in theirs.headers
    assert effects(purpose) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "short",
        "k" * 65,
        "k" * 1_000_000,
        "with space 1",
        "半角字符半角字符",
        "key;drop--1",
        "key.0001!",
    ],
)
def test_a_post_that_moves_money_needs_a_proper_key(spend, purpose, key):
    assert_error(spend(key), 400, "IDEMPOTENCY_KEY_MISSING")

    assert effects(purpose) == 0
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["k" * 8, "k" * 64, "AZaz09_-", "5f0c8e7a-9b1d-4c52-b8c6-a3f7d2e19034"])
def test_a_proper_key_is_eight_to_sixty_four_plain_characters(spend, key):
    assert spend(key).status_code == 201


@pytest.mark.django_db
def test_input_that_was_never_accepted_leaves_the_key_free(spend, purpose):
    assert_error(spend(amount="500"), 400, "INVALID_INPUT")

    assert spend().status_code == 201
    assert effects(purpose) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("trouble", "status"), [("unavailable", 503), ("broken before", 500)])
def test_an_answer_that_invites_a_retry_leaves_the_key_free(spend, purpose, trouble, status):
    assert spend(trouble=trouble).status_code == status
    assert not IdempotencyKey.objects.exists()

    assert spend().status_code == 201
    assert effects(purpose) == 1


@pytest.mark.django_db
def test_what_broke_after_its_effect_is_finished_by_the_next_try(spend, purpose):
    assert spend(trouble="broken once after").status_code == 500
    assert effects(purpose) == 1

    second = spend(trouble="broken once after")

    assert second.status_code == 201
    assert second.json()["number"] == f"effect:{StoredEvent.objects.get(aggregate=purpose).pk}"
    assert effects(purpose) == 1


@pytest.mark.django_db
def test_a_process_that_died_after_its_effect_is_waited_for_and_then_replaced(spend, purpose):
    first = spend()
    # As if it had died between its commit and its answer.
    IdempotencyKey.objects.update(status=None, body=None, locked_until=clock.now() + idempotency.LEASE)

    assert_error(spend(), 409, "REQUEST_IN_PROGRESS")
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        resumed = spend()

    assert resumed.content == first.content
    assert effects(purpose) == 1


def claim(scope, **changes):
    return idempotency.claim(**{"scope": scope, "key": "key-00000001", "fingerprint": b"f" * 32} | changes)


@pytest.mark.django_db
def test_a_key_is_taken_answered_and_heard_again(person):
    assert claim(person) is None
    with pytest.raises(RequestInProgress):
        claim(person)
    with pytest.raises(IdempotencyKeyReused):
        claim(person, fingerprint=b"g" * 32)

    idempotency.finish(Answer(status=201, body=b"{}"))

    assert claim(person) == Answer(status=201, body=b"{}")


@pytest.mark.django_db
@pytest.mark.parametrize("successor_is_gone", [False, True])
def test_a_request_that_outlived_its_lease_has_no_effect_beside_its_successors(person, successor_is_gone):
    request = {"scope": person, "key": "key-00000001", "fingerprint": b"f" * 32}
    slow, successor = copy_context(), copy_context()
    slow.run(idempotency.claim, **request)
    IdempotencyKey.objects.update(locked_until=clock.now())
    successor.run(idempotency.claim, **request)
    if successor_is_gone:
        successor.run(idempotency.release)
    else:
        with transaction.atomic():
            successor.run(idempotency.keep_effect, "effect:1")

    with pytest.raises(RequestInProgress), transaction.atomic():
        slow.run(idempotency.keep_effect, "effect:2")
    slow.run(idempotency.release)

    successor.run(idempotency.finish, Answer(status=201, body=b"1"))
    kept = IdempotencyKey.objects.filter(scope=person).values_list("subject", "status")
    assert list(kept) == ([] if successor_is_gone else [("effect:1", 201)])


@pytest.mark.django_db
def test_what_was_answered_first_stays(person):
    request = {"scope": person, "key": "key-00000001", "fingerprint": b"f" * 32}
    slow, successor = copy_context(), copy_context()
    slow.run(idempotency.claim, **request)
    IdempotencyKey.objects.update(locked_until=clock.now())
    successor.run(idempotency.claim, **request)

    successor.run(idempotency.finish, Answer(status=201, body=b"1"))
    slow.run(idempotency.finish, Answer(status=409, body=b"2"))

    assert idempotency.claim(**request) == Answer(status=201, body=b"1")


@pytest.mark.django_db
def test_after_its_end_a_thread_holds_nobodys_key(person):
    claim(person)
    idempotency.finish(Answer(status=200, body=b""))
    assert idempotency.earlier_effect() is None
    idempotency.finish(Answer(status=500, body=b"somebody else's"))
    idempotency.release()

    assert claim(person) == Answer(status=200, body=b"")


@pytest.mark.django_db
def test_even_when_an_answer_cannot_be_stored_the_thread_lets_go(person, django_db_blocker):
    claim(person)
    with django_db_blocker.block(), pytest.raises(RuntimeError):
        idempotency.finish(Answer(status=200, body=b""))

    assert idempotency.earlier_effect() is None


@pytest.mark.django_db
def test_an_effect_is_noted_only_inside_the_transaction_that_has_it(person):
    claim(person)

    with pytest.raises(TransactionManagementError):
        idempotency.keep_effect("order:1")
    idempotency.release()


@pytest.mark.django_db
def test_a_key_is_outdated_when_it_is_older_than_asked(person):
    claim(person)
    idempotency.finish(Answer(status=200, body=b""))

    assert not outdated_keys(before=clock.now() - timedelta(minutes=1)).exists()
    assert outdated_keys(before=clock.now() + timedelta(minutes=1)).exists()
