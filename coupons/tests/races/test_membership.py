"""Two purchases at the same moment."""

import pytest
from django.db import transaction

from coupons.models import Membership, MembershipChange
from coupons.services.growth import grow_by_purchase
from coupons.tests.offers import people
from coupons.tests.points import buy

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def growing(reference):
    def act():
        with transaction.atomic():
            grow_by_purchase(reference=reference)

    return act


def test_a_line_is_crossed_once(in_parallel):
    [user] = people(1)
    purchases = [buy(user, 250_00).reference for _one in range(8)]

    answers = in_parallel([growing(reference) for reference in purchases * 2], threads=16)

    assert not [answer for answer in answers if answer is not None]
    assert Membership.objects.get(pk=user.pk).value == 8 * 250
    assert list(MembershipChange.objects.filter(user=user).values_list("before", "after")) == [
        ("member", "silver")
    ]
