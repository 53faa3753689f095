"""Pages, newest first; a cursor is ours, of this list, and nobody else's."""

import uuid

import pytest
from django.core.signing import Signer
from django.test import Client

from wallet_project.kit.models import StoredEvent
from wallet_project.kit.testing.assertions import assert_error

pytestmark = [pytest.mark.django_db, pytest.mark.urls("wallet_project.kit.tests.doors")]


@pytest.fixture
def person():
    name = uuid.uuid4().hex
    StoredEvent.objects.bulk_create(
        StoredEvent(name="kit.tests.row", aggregate=name, payload=number) for number in range(1, 8)
    )
    return name


def page(person, **query):
    return Client().get("/api/v1/pages", query, headers={"Person": person})


def numbers(answer):
    return [item["number"] for item in answer.json()["items"]]


def test_pages_follow_each_other_without_gap_or_repetition(person):
    first = page(person, limit=3)
    second = page(person, limit=3, cursor=first.json()["next_cursor"])
    third = page(person, limit=3, cursor=second.json()["next_cursor"])

    assert [numbers(answer) for answer in (first, second, third)] == [[7, 6, 5], [4, 3, 2], [1]]
    assert [answer.json()["has_more"] for answer in (first, second, third)] == [True, True, False]
    assert third.json()["next_cursor"] is None


def test_what_is_new_does_not_shift_the_next_page(person):
    cursor = page(person, limit=3).json()["next_cursor"]
    StoredEvent.objects.create(name="kit.tests.row", aggregate=person, payload=8)

    assert numbers(page(person, limit=3, cursor=cursor)) == [4, 3, 2]


def test_a_page_that_is_exactly_full_is_the_last(person):
    answer = page(person, limit=7)

    assert len(numbers(answer)) == 7
    assert answer.json()["has_more"] is False


@pytest.mark.parametrize("limit", ["0", "-1", "101", "1000000000", "1.5", "abc", "", "1e2"])
def test_a_limit_outside_one_to_a_hundred_is_refused(person, limit):
    assert set(assert_error(page(person, limit=limit), 400, "INVALID_INPUT")["fields"]) == {"limit"}


@pytest.mark.parametrize(
    "forge",
    [
        lambda _person, _row: "1",
        lambda _person, _row: "",
        lambda _person, _row: "\0",
        lambda _person, _row: "a" * 200,
        lambda _person, _row: "a" * 100_000,
        lambda _person, row: f"{row}:forged",
        lambda _person, row: Signer(key="guessed").sign(str(row)),
        lambda _person, row: Signer(salt="cursor:rows:somebody-else").sign(str(row)),
        lambda person, _row: Signer(salt=f"cursor:rows:{person}").sign("2026-11-21"),
        lambda person, _row: Signer(salt=f"cursor:rows:{person}").sign("\u202e"),
    ],
)
def test_a_cursor_that_we_did_not_make_for_this_list_is_refused(person, forge):
    row = StoredEvent.objects.filter(aggregate=person).latest("pk").pk

    answer = page(person, cursor=forge(person, row))

    assert set(assert_error(answer, 400, "INVALID_INPUT")["fields"]) == {"cursor"}


def test_another_persons_cursor_is_refused(person):
    other = uuid.uuid4().hex
    cursor = page(person, limit=1).json()["next_cursor"]

    assert_error(page(other, cursor=cursor), 400, "INVALID_INPUT")
