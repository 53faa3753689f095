"""One text to many: agreed by two, so many a minute, nobody twice, some held out, and what came of it."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.tests.factories import announced
from coupons.models import SegmentMember
from coupons.selectors.segments import used_by
from coupons.tests.audiences import segment
from coupons.tests.offers import people
from payments.tests.factories import paid_order, staff_member
from wallet_project.approvals.agreed import AgreedState
from wallet_project.approvals.errors import OwnProposal
from wallet_project.approvals.going_live import propose_going_live, retire
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.models import Job
from wallet_project.notifications.errors import BroadcastNotUnderWay
from wallet_project.notifications.models import (
    Broadcast,
    Delivery,
    Message,
    NoticeText,
    Preference,
    Reader,
    Recipient,
)
from wallet_project.notifications.selectors.broadcasts import funnel_of
from wallet_project.notifications.services import broadcasts
from wallet_project.notifications.services.broadcasts import note_deeds, send_due
from wallet_project.notifications.services.deliveries import deliver
from wallet_project.notifications.services.everybody import (
    tell_next_of_agreement,
    tell_of_agreement,
    tell_one_of_agreement,
)
from wallet_project.notifications.tests.services.test_sending import agree_to_marketing
from wallet_project.staff import make_groups

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def broadcast(count=5, **terms):
    """To so many people, agreed and due."""
    audience = segment(name=f"常客 {Broadcast.objects.count()}")
    known = people(count)
    SegmentMember.objects.bulk_create(
        SegmentMember(segment=audience, user=user, since=clock.now()) for user in known
    )
    made = Broadcast.objects.create(
        **{
            "name": "周末立减",
            "category": "SERVICE",
            "segment": audience,
            "title": "周末营业时间",
            "body": "周末营业到 22 点。",
            "title_en": "Weekend hours",
            "body_en": "Open until 10 p.m.",
            "link": "pages/home/index",
            "starts_at": clock.now(),
            "state": AgreedState.LIVE,
            **terms,
        }
    )
    return made, known


def states(made):
    return sorted(Recipient.objects.filter(broadcast=made).values_list("state", flat=True))


def test_what_one_has_written_another_one_lets_go(at_noon):
    made, known = broadcast(1, state=AgreedState.DRAFT, starts_at=clock.now() + timedelta(hours=1))
    maker, checker = staff_member(), staff_member()
    for colleague in (maker, checker):
        colleague.groups.add(make_groups()["客服主管"])
    propose_going_live(row=made, foreseen={}, reason="周末活动", maker_id=maker.pk)
    proposal = Proposal.objects.get(kind="notifications.broadcast")
    with pytest.raises(OwnProposal):
        approve(proposal_id=proposal.pk, checker_id=maker.pk)
    at_noon.shift(timedelta(minutes=30))
    assert send_due() == 0

    approve(proposal_id=proposal.pk, checker_id=checker.pk)
    assert send_due() == 0, "it is agreed, but its time has not come"
    at_noon.shift(timedelta(minutes=31))
    assert send_due() == 1

    message = Message.objects.get(user=known[0])
    assert (message.title, message.body, message.link) == (
        "周末营业时间",
        "周末营业到 22 点。",
        "pages/home/index",
    )


def test_so_many_a_minute_are_told_each_once_in_their_language(at_noon):
    made, known = broadcast(5, per_minute=2)
    Reader.objects.create(user=known[0], language="en")

    assert [send_due(), send_due()] == [2, 0]
    at_noon.shift(timedelta(seconds=61))
    assert send_due() == 2
    at_noon.shift(timedelta(seconds=61))
    assert [send_due(), send_due()] == [1, 0]

    made.refresh_from_db()
    assert made.finished_at == clock.now()
    assert states(made) == ["TOLD"] * 5
    titles = dict(Message.objects.filter(user__in=known).values_list("user", "title"))
    assert titles == {user.pk: "周末营业时间" for user in known} | {known[0].pk: "Weekend hours"}


def test_a_pause_and_a_stop_keep_the_rest_from_being_told(at_noon):
    made, _known = broadcast(5, per_minute=2)
    send_due()
    broadcasts.pause(broadcast_id=made.pk, reason="文案有误")
    at_noon.shift(timedelta(minutes=2))
    assert send_due() == 0
    with pytest.raises(BroadcastNotUnderWay):
        broadcasts.pause(broadcast_id=made.pk, reason="再次暂停")

    broadcasts.go_on(broadcast_id=made.pk, reason="已核对")
    assert send_due() == 2
    retire(row=made, reason="不再需要")
    at_noon.shift(timedelta(minutes=2))
    assert send_due() == 0
    assert states(made) == ["TOLD"] * 4 + ["WAITING"]


def test_what_waits_for_the_morning_is_held_by_a_pause_and_dropped_by_a_stop(at_noon, channels):
    at_noon.shift(timedelta(hours=11))
    made, _known = broadcast(2)
    send_due()
    first, second = Delivery.objects.filter(message__about=f"broadcast:{made.pk}").order_by("pk")
    for delivery in (first, second):
        deliver(delivery_id=delivery.pk)  # it is 23:00
    broadcasts.pause(broadcast_id=made.pk, reason="文案有误")
    at_noon.shift(timedelta(hours=9))

    deliver(delivery_id=first.pk)
    first.refresh_from_db()
    assert (first.state, first.due_at) == ("WAITING", clock.now() + timedelta(minutes=10))
    retire(row=made, reason="文案有误")
    deliver(delivery_id=second.pk)
    second.refresh_from_db()
    assert (second.state, second.why) == ("SKIPPED", "NOT_TRUE")
    assert Delivery.objects.filter(message=second.message).count() == 1, "nor over another channel"
    assert channels.got == []


def test_whoever_was_taken_and_not_told_is_told_later(at_noon):
    made, _known = broadcast(2)
    broadcasts._take(made.pk, at=clock.now())  # and the worker is gone
    assert send_due() == 0

    at_noon.shift(timedelta(minutes=6))
    assert send_due() == 2


def test_whom_it_cannot_tell_keeps_nobody_waiting_and_is_given_up_until_staff_try_again(at_noon):
    made, (unlucky, *lucky) = broadcast(3, title_en="Hours")
    Reader.objects.create(user=unlucky, language="en")
    texts = NoticeText.objects.filter(notice__code="notifications.announcement", language="en")
    [right] = texts.values_list("title", flat=True)
    texts.update(title="{no_such_fact}")

    assert send_due() == 2
    waits = []
    while not Recipient.objects.filter(broadcast=made, state="FAILED").exists():
        at_noon.shift(timedelta(minutes=1))
        before = Recipient.objects.get(broadcast=made, user=unlucky).tries
        assert send_due() == 0
        if Recipient.objects.get(broadcast=made, user=unlucky).tries > before:
            waits.append(round((clock.now() - NOON).total_seconds() / 60))
    assert waits == [5, 10, 20, 50, 170]
    assert send_due() == 0

    made.refresh_from_db()
    funnel = funnel_of(made)
    assert (made.finished_at, funnel.told, funnel.failed) == (clock.now(), 2, 1)
    assert not Message.objects.filter(user=unlucky).exists()
    texts.update(title=right)
    broadcasts.try_failed_again(broadcast_id=made.pk, reason="文案已改正")
    at_noon.shift(timedelta(minutes=6))
    assert send_due() == 1
    with pytest.raises(BroadcastNotUnderWay):
        broadcasts.try_failed_again(broadcast_id=made.pk, reason="还有吗")
    assert Message.objects.filter(user__in=[unlucky, *lucky]).count() == 3


def test_offers_go_to_whoever_agreed_to_them():
    made, (willing, _other) = broadcast(2, category="GROWTH")
    agree_to_marketing(willing)

    assert send_due() == 1
    assert states(made) == ["TOLD", "UNWANTED"]
    assert Message.objects.get(notice__code="notifications.offer").user == willing


def test_the_funnel_says_what_came_of_it_beside_those_who_were_held_out(at_noon):
    made, known = broadcast(40, held_out=5_000, goal_days=2)
    send_due()
    drawn = dict(Recipient.objects.filter(broadcast=made).values_list("user", "state"))
    told = [user for user in known if drawn[user.pk] == "TOLD"]
    held_out = [user for user in known if drawn[user.pk] == "HELD_OUT"]
    assert len(told) + len(held_out) == 40
    assert 8 <= len(held_out) <= 32
    assert not Message.objects.filter(user__in=held_out).exists()

    at_noon.shift(timedelta(hours=1))
    Message.objects.filter(user=told[0]).update(read_at=clock.now(), opened_at=clock.now())
    Preference.objects.create(
        user=told[1],
        category="SERVICE",
        channel="INBOX",
        message=Message.objects.get(user=told[1]),
        at=clock.now(),
    )
    for buyer in (told[0], told[2], held_out[0]):
        paid_order(buyer)
    note_deeds()
    at_noon.shift(timedelta(days=2))
    paid_order(told[3])  # too late to count
    note_deeds()

    funnel = funnel_of(made)
    assert (funnel.people, funnel.told, funnel.held_out) == (40, len(told), len(held_out))
    assert (funnel.delivered, funnel.read, funnel.opened) == (len(told), 1, 1)
    assert (funnel.acted, funnel.held_out_acted, funnel.unsubscribed) == (2, 1, 1)
    assert funnel.lift == pytest.approx(2 / len(told) - 1 / len(held_out))


def test_whoever_would_not_have_been_told_is_on_both_sides_of_the_comparison(at_noon):
    made, known = broadcast(40, category="GROWTH", held_out=5_000)
    willing, unwilling = known[:20], known[20:]
    for person in willing:
        agree_to_marketing(person)
    send_due()
    at_noon.shift(timedelta(hours=1))
    for buyer in willing:  # whatever they were told, they buy, and the others do not
        paid_order(buyer)
    paid_order(Recipient.objects.filter(user__in=unwilling, state="UNWANTED").first().user)
    note_deeds()

    funnel = funnel_of(made)
    told, unwanted, held_out = funnel.told, funnel.unwanted, funnel.held_out
    assert (funnel.acted, funnel.unwanted_acted, funnel.held_out_acted) == (told, 1, 20 - told)
    assert funnel.lift == pytest.approx((told + 1) / (told + unwanted) - (20 - told) / held_out)


def test_an_audience_that_a_broadcast_waits_for_is_not_edited():
    made, _known = broadcast(1)

    assert used_by(made.segment) == ["群发消息 周末立减"]


@pytest.mark.parametrize(
    ("is_material", "notice"), [(True, "accounts.consent_lapses"), (False, "accounts.agreement_amended")]
)
def test_of_a_separate_consent_hears_whoever_has_agreed_to_it(is_material, notice):
    willing, again, unwilling, stranger = people(4)
    for person in (willing, unwilling, again):
        agree_to_marketing(person)
    for person in (unwilling, again):
        agree_to_marketing(person, act="WITHDRAWN")
    agree_to_marketing(again)
    with transaction.atomic():
        tell_of_agreement(kind="MARKETING", version=2)
    assert Job.objects.get(task="notifications.tell_of_agreement").arguments == {
        "kind": "MARKETING",
        "version": 2,
    }
    version = announced("MARKETING", is_material=is_material, title="营销信息接收同意书")

    for _twice in range(2):
        tell_next_of_agreement(kind="MARKETING", version=version.version, after=willing.pk - 1)

    told = Message.objects.filter(notice__code__startswith="accounts.").values_list("user", "notice__code")
    assert sorted(told) == [(willing.pk, notice), (again.pk, notice)]
    assert not Message.objects.filter(user__in=[unwilling, stranger]).exists()


def test_every_customer_hears_of_a_new_agreement_in_steps():
    known = people(3)
    version = announced("TERMS", is_material=True)
    first = min(user.pk for user in known) - 1
    tell_next_of_agreement(kind="TERMS", version=version.version, after=first, at_once=2)

    assert Message.objects.filter(user__in=known).count() == 2
    job = Job.objects.get(task="notifications.tell_of_agreement")
    assert job.arguments["after"] == known[1].pk
    for _ in range(2):
        tell_next_of_agreement(kind="TERMS", version=version.version, after=known[1].pk, at_once=2)
    assert Message.objects.filter(user__in=known, notice__code="accounts.agreement_published").count() == 3


def test_whom_it_cannot_tell_of_an_agreement_keeps_nobody_waiting_and_has_a_job_of_their_own():
    first, unlucky, last = people(3)
    Reader.objects.create(user=unlucky, language="en")
    version = announced("TERMS", is_material=True).version
    with broken_english("accounts.agreement_published"):
        tell_next_of_agreement(kind="TERMS", version=version, after=first.pk - 1, at_once=3)

    told = Message.objects.filter(notice__code="accounts.agreement_published").order_by("user")
    assert list(told.values_list("user", flat=True)) == [first.pk, last.pk]
    their_own = Job.objects.get(task="notifications.tell_one_of_agreement")
    assert their_own.arguments == {"kind": "TERMS", "version": version, "user_id": unlucky.pk}
    assert Job.objects.get(task="notifications.tell_of_agreement").arguments["after"] == last.pk
    for _twice in range(2):
        tell_one_of_agreement(**their_own.arguments)
    assert told.filter(user=unlucky).count() == 1


def test_an_agreement_of_which_nobody_can_be_told_is_one_failure_not_one_for_each():
    known = people(2)
    for person in known:
        Reader.objects.create(user=person, language="en")
    version = announced("TERMS", is_material=True).version

    with broken_english("accounts.agreement_published"), pytest.raises(KeyError):
        tell_next_of_agreement(kind="TERMS", version=version, after=known[0].pk - 1, at_once=2)
    assert not Message.objects.filter(user__in=known).exists()
    assert not Job.objects.exists()


@contextmanager
def broken_english(notice):
    """A text that names a fact that there is not."""
    texts = NoticeText.objects.filter(notice__code=notice, language="en")
    [right] = texts.values_list("title", flat=True)
    texts.update(title="{no_such_fact}")
    yield
    texts.update(title=right)
