"""An inbox, and how its owner wants to be told."""

import json

import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import logged_in
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.notifications.models import Message, Preference, Reader
from wallet_project.notifications.tests.factories import told

pytestmark = pytest.mark.usefixtures("notices")

API = "/api/v1/notifications"


@pytest.fixture
def person():
    return logged_in()


def send(client, person, method, path, body=None):
    said = json.dumps(body or {})
    return client.generic(
        method, f"{API}/{path}", said, content_type="application/json", headers=person.as_header()
    )


def get(client, person, path):
    return client.get(f"{API}/{path}", headers=person.as_header())


def test_an_inbox_is_read_category_by_category_one_by_one_and_at_once(
    client, person, django_assert_num_queries
):
    first, second = told(person.user, "test.money"), told(person.user, "test.money")
    other = told(person.user, "test.service")
    told(logged_in().user, "test.money")

    # 1 session, 1 page of messages
    with django_assert_num_queries(2):
        page = get(client, person, "messages?category=MONEY&limit=1").json()
    assert ([each["number"] for each in page["items"]], page["has_more"]) == ([second.number], True)
    rest = get(client, person, f"messages?category=MONEY&cursor={page['next_cursor']}").json()["items"]
    assert [each["number"] for each in rest] == [first.number]
    everything = get(client, person, "messages").json()["items"]
    assert [each["number"] for each in everything] == [other.number, second.number, first.number]

    assert send(client, person, "POST", f"messages/{first.number}/read").status_code == 204
    assert send(client, person, "POST", f"messages/{second.number}/opened").status_code == 204
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.opened_at, bool(first.read_at)) == (None, True)
    assert second.opened_at == second.read_at is not None

    counts = get(client, person, "unread").json()
    assert counts["total"] == 1
    assert {each["category"]: each["unread"] for each in counts["categories"]}["SERVICE"] == 1
    assert send(client, person, "POST", "messages/read").json()["total"] == 0


def test_what_is_read_again_was_read_the_first_time(client, person):
    message = told(person.user, "test.money")
    send(client, person, "POST", f"messages/{message.number}/opened")
    message.refresh_from_db()

    send(client, person, "POST", f"messages/{message.number}/opened")
    send(client, person, "POST", f"messages/{message.number}/read")

    again = Message.objects.get(pk=message.pk)
    assert (again.read_at, again.opened_at) == (message.read_at, message.opened_at)


def test_nobody_reads_or_leaves_by_the_message_of_another(client, person):
    theirs = told(logged_in().user, "test.money")

    for path in (f"messages/{theirs.number}/read", f"messages/{theirs.number}/opened"):
        assert_error(send(client, person, "POST", path), 404, "NOT_FOUND")
    refused = send(client, person, "POST", "unsubscriptions", {"message": theirs.number})
    assert_error(refused, 404, "NOT_FOUND")

    theirs.refresh_from_db()
    assert theirs.read_at is theirs.opened_at is None
    assert not Preference.objects.filter(user=person.user).exists()


def test_people_say_in_which_language_when_not_and_over_what(client, person):
    shown = get(client, person, "preferences").json()
    assert (shown["quiet_from"], shown["quiet_until"], shown["language"]) == ("22:00", "08:00", "zh-hans")
    growth = shown["categories"][-1]
    assert (growth["may_be_turned_off"], growth["needs_consent"]) == (True, True)

    send(client, person, "PUT", "preferences", {"language": "en", "quiet_from": "23:30"})
    changed = send(client, person, "PUT", "preferences/MONEY/SMS", {"wanted": False}).json()

    assert (changed["language"], changed["quiet_from"], changed["quiet_until"]) == ("en", "23:30", "08:00")
    assert [each["wanted"] for each in changed["categories"][0]["channels"]] == [True, True, False]
    back = send(client, person, "PUT", "preferences/MONEY/SMS", {"wanted": True}).json()
    assert all(each["wanted"] for each in back["categories"][0]["channels"])


def test_quiet_hours_have_a_length(client, person):
    """From eight to eight: none, or all day long?"""
    both = send(client, person, "PUT", "preferences", {"quiet_from": "08:00", "quiet_until": "08:00"})
    until_as_it_is = send(client, person, "PUT", "preferences", {"language": "en", "quiet_from": "08:00"})

    for refused in (both, until_as_it_is):
        assert_error(refused, 400, "QUIET_HOURS_OF_NO_LENGTH")
    assert not Reader.objects.filter(user=person.user).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reader.objects.create(user=person.user, quiet_from="08:00", quiet_until="08:00")
    send(client, person, "PUT", "preferences", {"quiet_until": "07:00"})
    assert send(client, person, "PUT", "preferences", {"quiet_from": "08:00"}).status_code == 200


def test_one_tap_on_a_message_ends_its_category_and_says_which_it_was(client, person):
    message = told(person.user, "test.service")

    for _again in range(2):
        answer = send(client, person, "POST", "unsubscriptions", {"message": message.number})
        assert answer.status_code == 200

    off = Preference.objects.filter(user=person.user, category="SERVICE", message=message)
    assert sorted(off.values_list("channel", flat=True)) == ["INBOX", "SMS", "SUBSCRIBE"]


@pytest.mark.parametrize("category", ["SECURITY", "LEGAL"])
def test_what_must_be_told_is_not_turned_off(client, person, category):
    one = send(client, person, "PUT", f"preferences/{category}/SMS", {"wanted": False})
    all_of_it = send(client, person, "POST", "unsubscriptions", {"category": category})

    for refused in (one, all_of_it):
        assert_error(refused, 409, "MUST_BE_TOLD")
    assert not Preference.objects.filter(user=person.user).exists()


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PUT", "preferences", {"quiet_from": "25:00"}, 400, "INVALID_INPUT"),
        ("PUT", "preferences", {"language": "fr"}, 400, "INVALID_INPUT"),
        ("PUT", "preferences/NEWS/SMS", {"wanted": True}, 404, "NOT_FOUND"),
        ("POST", "unsubscriptions", {}, 400, "INVALID_INPUT"),
        ("POST", "messages/read", {"category": "NEWS"}, 400, "INVALID_INPUT"),
    ],
)
def test_what_makes_no_sense_is_refused(client, person, method, path, body, status, code):
    assert_error(send(client, person, method, path, body), status, code)
