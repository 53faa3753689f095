"""What staff see of a user."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.services.freezing import freeze_user
from accounts.tests.factories import logged_in
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

PHONE = "13800138000"


@pytest.fixture
def person():
    person = logged_in(nickname="小明")
    person.user.set_phone(PHONE, at=clock.now())
    person.user.save()
    return person


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chen", "a long enough password"))
    return client


def found(desk, term):
    page = desk.get(reverse("admin:accounts_user_changelist"), {"q": term})
    assert page.status_code == 200
    return list(page.context["cl"].queryset)


@pytest.mark.parametrize("term", [PHONE, "+86 138 0013 8000", "小明", "uid"])
def test_a_user_is_found_by_whole_phone_uid_or_name(desk, person, term):
    other = logged_in(nickname="小红")
    assert found(desk, str(person.user.uid) if term == "uid" else term) == [person.user]
    assert other.user not in found(desk, term)


@pytest.mark.parametrize("term", ["1380013800", "8000", "138", "13800138001"])
def test_part_of_a_phone_finds_nobody(desk, person, term):
    assert found(desk, term) == []


def test_a_page_shows_the_phone_masked_and_no_token(desk, person):
    for address in (
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[person.user.pk]),
    ):
        page = desk.get(address)
        text = page.content.decode()
        assert page.status_code == 200
        assert "138****8000" in text
        assert PHONE not in text
        assert bytes(person.session.access_hash).hex() not in text


def test_a_list_of_many_phones_costs_no_more_than_of_one(
    desk, person, new_phone, django_assert_max_num_queries
):
    address = reverse("admin:accounts_user_changelist")
    with CaptureQueriesContext(connection) as of_one:
        desk.get(address)
    for _ in range(5):
        other = User.objects.create()
        other.set_phone(new_phone(), at=clock.now())
        other.save()

    with django_assert_max_num_queries(len(of_one)):
        page = desk.get(address)

    assert page.content.decode().count("****") >= 6


def test_a_user_is_looked_at_not_changed(desk, person):
    page = reverse("admin:accounts_user_change", args=[person.user.pk])

    assert desk.post(page, {"nickname": "x", "status": "CLOSED", "is_staff": "on"}).status_code == 403
    assert desk.get(reverse("admin:accounts_user_add")).status_code == 403
    assert desk.post(reverse("admin:accounts_user_delete", args=[person.user.pk])).status_code == 403

    assert User.objects.get(pk=person.user.pk).status == "ACTIVE"


def test_a_customer_is_no_staff(client, person):
    client.force_login(person.user)

    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302


def test_only_what_the_state_allows_is_offered_and_history_is_the_trails(desk, person):
    def offered():
        page = desk.get(reverse("admin:accounts_user_change", args=[person.user.pk])).content.decode()
        return {act for act in ("freeze", "unfreeze", "history") if f"/{person.user.pk}/{act}/" in page}

    assert offered() == {"freeze"}

    freeze_user(user_id=person.user.pk, reason="盗号申诉")
    assert offered() == {"unfreeze"}
