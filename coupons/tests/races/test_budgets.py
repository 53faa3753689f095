"""Everybody wants the last of a budget at the same moment."""

import pytest
from django.db import transaction
from django.db.models import Sum

from coupons.models import Campaign, Reward
from coupons.services.campaigns import reward_purchase_by_campaigns, take_back_for_return
from coupons.tests.campaigns import broken, campaign, promise
from coupons.tests.points import buy, person, send_back
from wallet_project.approvals.going_live import retire

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def given_by(made):
    return Reward.objects.filter(campaign=made).aggregate(total=Sum("amount", default=0))["total"]


def test_a_budget_is_never_exceeded(in_parallel):
    made, people = campaign(budget=20_00), [person() for _ in range(32)]

    in_parallel([lambda user=user: promise(user, 1_50, campaign=made) for user in people], threads=16)

    made = Campaign.objects.get(pk=made.pk)
    assert made.committed == given_by(made) == 13 * 1_50
    assert made.paused_because == "预算已用完"
    assert broken() == {}
    retire(row=made, reason="演练结束")


def test_the_same_source_at_the_same_moment_is_rewarded_once(in_parallel):
    user = person()

    got = in_parallel([lambda: promise(user, 2_00, source=f"once:{user.pk}")] * 8, threads=8)

    assert len({reward.pk for reward in got}) == 1
    assert Reward.objects.get(user=user).amount == 2_00
    assert broken() == {}


def test_promising_and_taking_back_by_two_campaigns_wait_in_no_circle(in_parallel):
    campaigns = [campaign(budget=1_000_00), campaign(budget=1_000_00)]
    people = [person() for _ in range(12)]
    purchases = [buy(user, 100_00) for user in people]

    def there_and_back(purchase):
        with transaction.atomic():
            reward_purchase_by_campaigns(reference=purchase.reference)
        send_back(purchase, 50_00)
        with transaction.atomic():
            take_back_for_return(reference=purchase.reference)

    went = in_parallel([lambda one=one: there_and_back(one) for one in purchases], threads=12)
    assert went == [None] * len(purchases)

    assert [given_by(each) for each in campaigns] == [12 * 2_50] * 2
    assert broken() == {}
    for each in campaigns:
        retire(row=Campaign.objects.get(pk=each.pk), reason="演练结束")


def test_one_person_at_many_tills_gets_exactly_what_one_may(in_parallel):
    made, user = campaign(per_person=5_00), person()

    in_parallel([lambda: promise(user, 2_00, campaign=made)] * 16, threads=16)

    assert given_by(made) == 5_00
    retire(row=Campaign.objects.get(pk=made.pk), reason="演练结束")
