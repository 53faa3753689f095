"""Telling somebody: once, in their language, in the transaction of its cause."""

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ConsentRecord, UserStatus
from accounts.tests.factories import logged_in
from wallet_project.kit import clock
from wallet_project.kit.models import Job
from wallet_project.notifications.models import Delivery, Message, Notice, NoticeText, Preference, Reader
from wallet_project.notifications.services.catalogue import write_missing_notices
from wallet_project.notifications.services.sending import notify
from wallet_project.notifications.tests.factories import agree_to_marketing

pytestmark = pytest.mark.usefixtures("notices")

FACTS = {"amount": 1_280_050, "who": "小明"}


@transaction.atomic
def tell(user, category="money", key="order:1", **facts):
    return notify(user_id=user.pk, notice=f"test.{category}", key=key, facts={**FACTS, **facts})


def test_a_message_is_kept_as_it_was_said_and_pushed_over_the_first_channel():
    user = logged_in().user

    message = tell(user, who="a/../b&c")

    message.refresh_from_db()
    assert (message.title, message.body) == ("到账 12,800.50 元", "a/../b&c付了 12,800.50 元")
    assert message.link == "pages/orders/show?number=a%2F..%2Fb%26c"
    assert message.in_inbox
    (delivery,) = Delivery.objects.filter(message=message)
    assert (delivery.channel, delivery.state) == ("SUBSCRIBE", "WAITING")
    assert Job.objects.filter(task="notifications.deliver", arguments={"delivery_id": delivery.pk}).exists()


def test_nobody_is_told_of_a_thing_twice():
    user = logged_in().user

    told = [tell(user), tell(user), tell(user, key="order:2")]

    assert [bool(message) for message in told] == [True, False, True]
    assert (
        Message.objects.filter(user=user).count() == Delivery.objects.filter(message__user=user).count() == 2
    )


def test_telling_costs_a_handful_of_statements(django_assert_num_queries):
    user = logged_in().user

    # 1 the notice with what they want, 1 message, 1 delivery, 1 job; 2 the test's own savepoint
    with django_assert_num_queries(6):
        tell(user)


def test_it_is_said_in_the_language_of_whoever_reads_it():
    user = logged_in().user
    Reader.objects.create(user=user, language="en")

    message = tell(user, who=_("退款"))

    assert message.body == "Refund paid 12,800.50 yuan"


def test_what_somebody_turned_off_takes_the_next_channel_and_what_must_be_told_cannot_be():
    user = logged_in().user
    for channel in ("INBOX", "SUBSCRIBE"):
        Preference.objects.create(user=user, category="MONEY", channel=channel, at=clock.now())

    message = tell(user)

    assert not message.in_inbox
    assert [each.channel for each in message.deliveries.all()] == ["SMS"]
    assert tell(user, "security").in_inbox


def test_offers_go_to_whoever_agreed_and_to_nobody_who_took_it_back():
    user = logged_in().user
    before = tell(user, "growth", "1")
    agree_to_marketing(user)
    agreed = tell(user, "growth", "2")
    agree_to_marketing(user, act=ConsentRecord.Act.WITHDRAWN)
    after = tell(user, "growth", "3")

    assert [bool(message) for message in (before, agreed, after)] == [False, True, False]
    assert Message.objects.filter(user=user).count() == 1


def test_whoever_is_gone_is_told_nothing_and_a_notice_that_is_off_is_not_told():
    gone, here = logged_in(status=UserStatus.CLOSED).user, logged_in().user
    Notice.objects.filter(code="test.money").update(is_enabled=False)

    assert tell(gone, "service") is tell(here) is None
    assert not Message.objects.filter(user__in=[gone, here]).exists()


def test_facts_are_exactly_what_the_notice_speaks_of():
    user = logged_in().user
    with pytest.raises(TypeError), transaction.atomic():
        notify(user_id=user.pk, notice="test.money", key="1", facts={"amount": 1})
    with pytest.raises(TypeError):
        tell(user, amount="12.80")

    assert not Message.objects.filter(user=user).exists()


def test_a_new_version_leaves_what_staff_have_written_and_adds_what_is_missing():
    NoticeText.objects.filter(notice__code="test.money", language="en").update(title="Ours")
    kept = Notice.objects.count()

    write_missing_notices()

    assert NoticeText.objects.get(notice__code="test.money", language="en").title == "Ours"
    assert Notice.objects.count() == kept
