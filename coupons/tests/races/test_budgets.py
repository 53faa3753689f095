"""Everybody wants the last of a budget at the same moment."""

import pytest
from django.db.models import Sum

from coupons.models import Campaign, Reward
from coupons.services.agreed import retire
from coupons.tests.campaigns import broken, campaign, promise
from coupons.tests.points import person

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


def test_one_person_at_many_tills_gets_exactly_what_one_may(in_parallel):
    made, user = campaign(per_person=5_00), person()

    in_parallel([lambda: promise(user, 2_00, campaign=made)] * 16, threads=16)

    assert given_by(made) == 5_00
    retire(row=Campaign.objects.get(pk=made.pk), reason="演练结束")
