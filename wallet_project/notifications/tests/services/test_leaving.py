"""Whoever leaves takes their messages along; whoever was two people reads them as one."""

import pytest

from accounts.events import AccountsMerged
from accounts.tests.factories import logged_in
from wallet_project.kit import clock
from wallet_project.notifications.listeners import a_person_keeps_their_messages
from wallet_project.notifications.models import (
    Delivery,
    Message,
    Preference,
    Reader,
    SubscribeQuota,
    SubscribeTemplate,
)
from wallet_project.notifications.selectors.personal_data import personal_data
from wallet_project.notifications.services.leaving import forget_messages_of
from wallet_project.notifications.services.preferences import choose_reading, unsubscribe_from
from wallet_project.notifications.tests.factories import told

pytestmark = pytest.mark.usefixtures("notices")


@pytest.fixture
def person():
    """Told of one thing, which was one too many, and particular about the language."""
    user = logged_in().user
    unsubscribe_from(user_id=user.pk, message=told(user, "test.service").number)
    choose_reading(user_id=user.pk, language="en")
    return user


def test_what_somebody_was_told_is_in_the_export_of_their_data_and_goes_with_them(person):
    held = {title: list(rows) for title, rows in personal_data(person.pk)}
    assert held["消息"][0]["正文"] == "小明付了 128.00 元"
    assert {row["渠道"] for row in held["消息退订"]} == {"消息中心", "微信订阅消息", "短信"}
    other = told(logged_in().user, "test.money")

    for _again in range(2):
        forget_messages_of(user_id=person.pk)

    for model in (Message, Preference, Reader):
        assert not model.objects.filter(user=person).exists()
    assert Delivery.objects.filter(message=other).exists()
    assert Message.objects.filter(pk=other.pk).exists()


def test_of_two_accounts_that_were_one_persons_messages_and_wishes_go_together(person):
    closed = logged_in().user
    same, new = told(closed, "test.money", key="1"), told(closed, "test.security")
    told(person, "test.money", key="1")
    Preference.objects.create(user=closed, category="GROWTH", channel="SMS", at=clock.now())
    Preference.objects.create(user=closed, category="SERVICE", channel="SMS", at=clock.now())
    choose_reading(user_id=closed.pk, has_quiet_hours=False)

    a_person_keeps_their_messages(AccountsMerged(user_id=person.pk, closed_user_id=closed.pk))

    new.refresh_from_db()
    assert new.user == person
    assert not Message.objects.filter(pk=same.pk).exists()
    assert not Message.objects.filter(user=closed).exists()
    off = Preference.objects.filter(user=person).values_list("category", "channel")
    assert sorted(off) == [
        ("GROWTH", "SMS"),
        ("SERVICE", "INBOX"),
        ("SERVICE", "SMS"),
        ("SERVICE", "SUBSCRIBE"),
    ]
    reader = Reader.objects.get(user=person)
    assert (reader.language, reader.has_quiet_hours) == ("en", True)


def test_whoever_had_wishes_in_the_other_account_only_keeps_them(person):
    stays = logged_in().user
    template = SubscribeTemplate.objects.first()
    SubscribeQuota.objects.create(user=person, template=template, left=2)

    a_person_keeps_their_messages(AccountsMerged(user_id=stays.pk, closed_user_id=person.pk))

    assert Reader.objects.get(user=stays).language == "en"
    assert not Reader.objects.filter(user=person).exists()
    assert SubscribeQuota.objects.get(template=template).left == 2
    assert SubscribeQuota.objects.get(template=template).user == stays
