"""All that a customer did, and that was done about them, in the order of time."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.models.login_records import LoginMethod
from accounts.services.freezing import freeze_user
from accounts.services.login_records import record_login
from accounts.tests.factories import logged_in
from feedback.rules.tickets import Voice
from feedback.selectors.timelines import timeline_of
from feedback.services.tickets import say
from feedback.tests.factories import opened
from payments.tests.factories import topped_up
from wallet_project.kit import clock
from wallet_project.staff import make_groups


@pytest.fixture
def person(db):
    """Who came in, topped up, wrote to us, and was frozen."""
    person = logged_in()
    with transaction.atomic():
        record_login(device=person.device, method=LoginMethod.WECHAT, is_new_device=True, now=clock.now())
    topped_up(person.user, 5_000, at=clock.now())
    ticket = opened(user_id=person.user.pk, body="<b>充值没到</b>")
    say(ticket_id=ticket.pk, voice=Voice.NOTE, body="已到账", client_id="n-1", author_id=None)
    freeze_user(user_id=person.user.pk, reason="本人要求")
    return person


def test_moments_of_every_kind_come_newest_first(person, django_assert_max_num_queries):
    opened()  # somebody else's

    with django_assert_max_num_queries(5):
        moments = timeline_of(person.user.pk, before=clock.now(), limit=50)

    assert [(moment.kind, moment.title, moment.amount) for moment in moments if moment.kind != "LOGIN"] == [
        ("ACCOUNT", "冻结账户", None),
        ("WORDS", "内部备注", None),
        ("WORDS", "顾客", None),
        ("MONEY", "充值", 5_000),
    ]
    assert [moment.title for moment in moments if moment.kind == "LOGIN"] == ["会话结束", "登录成功"]
    assert sorted((moment.at for moment in moments), reverse=True) == [moment.at for moment in moments]


def test_the_next_page_begins_where_this_one_ends(person):
    now = clock.now()
    whole = timeline_of(person.user.pk, before=now, limit=50)
    first = timeline_of(person.user.pk, before=now, limit=3)

    assert first == whole[:3]
    assert timeline_of(person.user.pk, before=first[-1].at, limit=50) == whole[3:]
    assert timeline_of(person.user.pk, before=now - timedelta(days=1), limit=50) == []
    assert {moment.kind for moment in timeline_of(person.user.pk, before=now, limit=9, kind="MONEY")} == {
        "MONEY"
    }


def test_the_page_is_for_whoever_helps_and_shows_words_as_words(person, client):
    page, agent = (
        reverse("customer_timeline", args=[person.user.pk]),
        User.objects.create_user("li", is_staff=True),
    )
    client.force_login(agent)
    assert client.get(page).status_code == 403

    agent.groups.add(make_groups()["客服"])
    shown = client.get(page).content.decode()

    assert "&lt;b&gt;充值没到" in shown
    assert "<b>充值没到" not in shown
    for odd in ("?before=x", "?before=9999-99-99T00:00:00Z", "?kind=NOTHING"):
        assert client.get(page + odd).status_code == 200
