"""Channels are touched once a day, and what came of them is told by the first touch and by the last."""

import pytest
import time_machine

from accounts.models import User
from coupons.models import Channel, ChannelCost, ChannelKind, Purchase, Referral, Touch
from coupons.selectors.channels import channel_report
from coupons.services.channels import note_touch
from coupons.services.referrals import invite_code_of
from coupons.tests.referrals import program, purchase, somebody
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

PAID_AT = "2026-11-06T10:00:00+08:00"


@pytest.fixture
def channels():
    return [Channel.objects.create(code=code, name=code, kind=ChannelKind.KOL) for code in ("ALICE", "BOB")]


def report():
    return {each.code: each for each in channel_report("2026-11")}


def test_a_month_by_first_and_by_last_touch(channels):
    ChannelCost.objects.create(channel=channels[0], month="2026-11", amount=10_00)
    with time_machine.travel("2026-11-03T10:00:00+08:00"):
        person = somebody()
        User.objects.filter(pk=person.user.pk).update(created_at=clock.now())
        assert [note_touch(user_id=person.user.pk, scene="c=ALICE") for _twice in range(2)] == [False, False]
    with time_machine.travel("2026-11-05T10:00:00+08:00"):
        note_touch(user_id=person.user.pk, scene="c=BOB")
        note_touch(user_id=person.user.pk, scene="c=NOBODY")
    bought = purchase(person, 25_00)
    Purchase.objects.filter(pk=bought.pk).update(
        paid_at="2026-11-06T10:00:00+08:00", returned=5_00, returned_own=5_00
    )

    alice, bob = report()["ALICE"], report()["BOB"]

    bought.refresh_from_db()
    assert alice.by_first.own == bob.by_last.own == bought.left.own == 20_00
    assert Touch.objects.filter(user=person.user).count() == 2
    assert (alice.visits, alice.cost, bob.visits, bob.cost) == (1, 10_00, 1, 0)
    assert (alice.by_first.registered, alice.by_first.bought, alice.by_first.own) == (1, 1, 20_00)
    assert (alice.by_last.registered, alice.by_last.bought, alice.by_last.own) == (1, 0, 0)
    assert (bob.by_first.registered, bob.by_first.bought, bob.by_first.own) == (0, 0, 0)
    assert (bob.by_last.registered, bob.by_last.bought, bob.by_last.own) == (0, 1, 20_00)
    assert (alice.return_on_cost(alice.by_first), bob.return_on_cost(bob.by_last)) == (200, None)


def test_a_touch_long_ago_has_led_to_nothing(channels):
    with time_machine.travel("2026-09-20T10:00:00+08:00"):
        person = somebody()
        note_touch(user_id=person.user.pk, scene="c=ALICE")
    bought = purchase(person, 25_00)
    Purchase.objects.filter(pk=bought.pk).update(paid_at=PAID_AT)

    assert report()["ALICE"].by_last.own == 0


def test_a_scene_binds_the_newcomer_and_a_closed_channel_counts_no_more(channels):
    program()
    inviter, newcomer = somebody().user, somebody().user
    Channel.objects.filter(code="ALICE").update(is_open=False)
    scene = f"c=ALICE&i={invite_code_of(inviter.pk).code}"

    assert [note_touch(user_id=newcomer.pk, scene=scene) for _again in range(2)] == [True, True]
    assert not note_touch(user_id=inviter.pk, scene=scene)
    assert Referral.objects.get(newcomer=newcomer).inviter == inviter
    assert not Touch.objects.exists()
