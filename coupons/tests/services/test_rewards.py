"""What is promised is given in its time, once; what was not deserved goes back as far as it is there."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from coupons.models import Campaign, CampaignPerson, Coupon, Reward
from coupons.rules.rewards import RewardKind, RewardState
from coupons.selectors.closures import closure_blockers
from coupons.services.campaigns import go_on
from coupons.services.coupons import reserve_coupon
from coupons.services.leaving import give_up_promises
from coupons.services.reward_returns import revoke_rewards, take_back_rewards
from coupons.services.reward_vesting import vest_rewards
from coupons.services.rewards import hold_rewards, release_rewards
from coupons.tests.campaigns import broken, campaign, committed, owed_in_rewards, promise
from coupons.tests.offers import template
from coupons.tests.points import points
from wallet.rules.postings import Leg
from wallet.services.ledger import post_journal
from wallet.services.wallets import close_wallet
from wallet.tests.factories import amounts_in, make_wallet, new_key
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def wallet():
    return make_wallet()


def cashback(wallet):
    return amounts_in(wallet).get("cashback", (0, 0))[0]


def in_a_week():
    return time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=True)


def vest():
    """What is due in a week is given; others' rewards may wait in this database, too."""
    with in_a_week():
        while vest_rewards():
            pass


def mine(wallet):
    return Reward.objects.get(user=wallet.user_id)


def take_back(reference, kept, of):
    with transaction.atomic():
        take_back_rewards(reference=reference, kept=kept, of=of)


def test_a_promise_is_owed_until_it_is_given_as_money_of_its_own_colour(wallet):
    before = owed_in_rewards()
    for _again in range(2):
        promise(wallet.user, 5_00, source="once")

    assert (owed_in_rewards() - before, cashback(wallet)) == (5_00, 0)
    vest_rewards()
    assert mine(wallet).state == RewardState.PENDING
    for _again in range(2):
        vest()

    assert cashback(wallet) == 5_00
    assert mine(wallet).state == RewardState.GIVEN
    assert broken() == {}


def test_points_are_given_as_points(wallet):
    promise(wallet.user, 250, kind=RewardKind.POINTS, vests_at=None)

    assert points(wallet.user) == (0, 250, 0, 0)
    assert broken() == {}


def test_a_returned_half_takes_back_half_before_it_is_given(wallet):
    promise(wallet.user, 5_01, reference="O1")
    take_back("O1", kept=50, of=100)
    take_back("O1", kept=50, of=100)
    vest()

    assert cashback(wallet) == 2_50
    assert broken() == {}


def test_a_part_of_a_return_leaves_a_coupon_whole(wallet):
    promise(wallet.user, 5_00, reference="O1", kind=RewardKind.COUPON)

    take_back("O1", kept=1, of=100)
    assert mine(wallet).amount == 5_00
    take_back("O1", kept=0, of=100)
    assert mine(wallet).state == RewardState.REVOKED
    assert broken() == {}


def test_a_coupon_that_was_used_was_had_and_takes_of_the_budget_as_before(wallet):
    made, offer = campaign(), template(per_person=None)
    given = {"kind": RewardKind.COUPON, "template_id": offer.pk, "campaign": made, "vests_at": None}
    promise(wallet.user, 5_00, reference="O1", **given)
    promise(wallet.user, 5_00, reference="O2", **given)
    used, unused = Coupon.objects.filter(user=wallet.user).order_by("pk")
    with transaction.atomic():
        reserve_coupon(coupon_id=used.pk, user_id=wallet.user_id, reference="P3", worth=5_00, at=clock.now())

    take_back("O1", kept=0, of=100)
    take_back("O2", kept=0, of=100)

    unused.refresh_from_db()
    assert unused.state == "VOIDED"
    assert committed(made) == CampaignPerson.objects.get(campaign=made).got == 5_00
    assert broken() == {}


def test_one_that_cannot_be_given_keeps_no_other_waiting(wallet):
    promise(wallet.user, 5_00, kind=RewardKind.COUPON)  # of no template
    promise(wallet.user, 3_00)

    vest()

    assert cashback(wallet) == 3_00
    assert broken() == {}


def test_one_that_cannot_be_given_comes_last_the_next_time(wallet, monkeypatch):
    vest()
    monkeypatch.setattr("coupons.services.reward_vesting._AT_ONCE", 1)
    promise(wallet.user, 5_00, kind=RewardKind.COUPON)  # of no template
    promise(wallet.user, 3_00)

    with in_a_week():
        for _turn in range(9):  # others' that cannot be given may be there, too
            vest_rewards()

    assert cashback(wallet) == 3_00


def test_what_is_promised_to_somebody_who_has_left_lapses(wallet):
    with transaction.atomic():
        close_wallet(user_id=wallet.user_id, gives_up=0)
    promise(wallet.user, 3_00)  # heard of late

    vest()

    assert mine(wallet).state == RewardState.REVOKED
    assert broken() == {}


def test_what_was_given_and_spent_is_owed_and_later_rewards_pay_it_first(wallet):
    promise(wallet.user, 5_00, reference="O1")
    vest()
    post_journal(
        kind="order_payment",
        key=new_key(),
        legs=[Leg("cashback", -3_00, wallet.pk), Leg("merchant_sales", 3_00)],
    )

    take_back("O1", kept=0, of=100)

    reward = Reward.objects.get(reference="O1")
    assert (reward.state, reward.amount, reward.owed) == (RewardState.REVOKED, 0, 3_00)
    assert cashback(wallet) == 0

    promise(wallet.user, 4_00)
    vest()

    assert cashback(wallet) == 1_00
    assert Reward.objects.get(reference="O1").owed == 0
    assert broken() == {}


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=6), at=st.integers(0, 5))
def test_any_sequence_of_returns_leaves_exactly_what_is_still_deserved(steps, at):
    wallet, reference, kept = make_wallet(), new_key()[:32], 100
    promise(wallet.user, 3_33, reference=reference)
    for number, step in enumerate(steps):
        if number == at:
            vest()
        kept = min(kept, step)
        take_back(reference, kept=kept, of=100)
    vest()

    assert Reward.objects.get(reference=reference).amount == 3_33 * kept // 100 == cashback(wallet)
    assert broken() == {}


def test_what_is_held_waits_until_somebody_has_looked(wallet):
    promise(wallet.user, 5_00, source="r1")
    assert hold_rewards(sources=["r1"]) == 1
    vest()
    assert cashback(wallet) == 0

    release_rewards(sources=["r1"])
    vest()
    assert cashback(wallet) == 5_00


def test_what_was_not_deserved_is_revoked_and_its_budget_is_free(wallet):
    made = campaign()
    promise(wallet.user, 5_00, source="r1", campaign=made)
    hold_rewards(sources=["r1"])

    with transaction.atomic():
        revoke_rewards(sources=["r1"], because="核实未通过")

    vest()
    assert (mine(wallet).state, committed(made), cashback(wallet)) == (RewardState.REVOKED, 0, 0)
    assert broken() == {}


def test_one_person_gets_no_more_of_a_campaign_than_its_terms_say(wallet):
    made = campaign(per_person=7_00)
    got = [promise(wallet.user, 5_00, campaign=made) for _ in range(3)]

    assert [reward and reward.amount for reward in got] == [5_00, 2_00, None]
    assert committed(made) == 7_00


def test_a_campaign_warns_at_four_fifths_and_stops_itself(wallet):
    made = campaign(budget=10_00)
    for amount in (7_00, 1_00, 5_00):
        promise(wallet.user, amount, campaign=made)

    made = Campaign.objects.get(pk=made.pk)
    assert (made.committed, made.paused_because) == (8_00, "预算已用完")
    assert made.warned_at is not None
    names = ["coupons.campaign.warned", "coupons.campaign.stopped"]
    told = StoredEvent.objects.filter(name__in=names, payload__campaign_id=made.pk)
    assert sorted(told.values_list("name", flat=True)) == sorted(names)
    assert promise(wallet.user, 1, campaign=made) is None

    with transaction.atomic():
        go_on(campaign_id=made.pk, budget=20_00, reason="追加")
    assert promise(wallet.user, 1, campaign=made) is not None
    assert broken() == {}


def test_a_coupon_takes_as_much_of_a_budget_as_it_can_take_off(wallet):
    made, offer = campaign(budget=8_00), template(amount=5_00, per_person=None)
    for _again in range(2):
        promise(wallet.user, 1, kind=RewardKind.COUPON, template_id=offer.pk, campaign=made, vests_at=None)

    assert Coupon.objects.filter(user=wallet.user).count() == 1
    assert committed(made) == 5_00
    assert Campaign.objects.get(pk=made.pk).paused_because == "预算已用完"
    assert broken() == {}


def test_nothing_is_given_by_a_campaign_that_is_over(wallet):
    made = campaign(state=AgreedState.RETIRED)

    assert promise(wallet.user, 1_00, campaign=made) is None
    assert (committed(made), Reward.objects.filter(user=wallet.user_id).count()) == (0, 0)


def test_whoever_leaves_is_told_and_gets_nothing_any_more(wallet):
    before = owed_in_rewards()
    promise(wallet.user, 5_00)
    assert [blocker.code for blocker in closure_blockers(wallet.user_id)] == ["REWARDS_LEFT"]

    with transaction.atomic():
        give_up_promises(user_id=wallet.user_id, gives_up=0)

    assert owed_in_rewards() == before
    assert closure_blockers(wallet.user_id) == []
    vest()
    assert cashback(wallet) == 0
