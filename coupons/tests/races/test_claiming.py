"""Everybody wants the same coupon at the same moment."""

from collections import Counter

import pytest

from coupons.models import Coupon, CouponCount, CouponStock
from coupons.services.coupons import issue_coupon
from coupons.tests.offers import owed, people, template

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def taking(offer, person, source):
    return lambda: issue_coupon(template_id=offer.pk, user_id=person.pk, source=source)


def outcomes_of(answers):
    return Counter(type(answer).__name__ for answer in answers)


def test_a_stock_of_a_hundred_is_given_to_a_hundred(in_parallel):
    offer, before = template(stock=100, per_person=4), owed()
    crowd = people(64)

    answers = in_parallel(
        [taking(offer, person, f"{person.pk}:{number}") for number in range(4) for person in crowd],
        threads=64,
    )

    assert outcomes_of(answers) == {"Coupon": 100, "CouponsGone": 156}
    assert (
        CouponStock.objects.get(template=offer).issued == Coupon.objects.filter(template=offer).count() == 100
    )
    assert owed() - before == 100 * 5_00


def test_one_person_with_sixty_four_fingers_gets_their_three(in_parallel):
    offer, [person], before = template(stock=100, per_person=3), people(1), owed()

    answers = in_parallel([taking(offer, person, f"finger:{finger}") for finger in range(64)], threads=64)

    assert outcomes_of(answers) == {"Coupon": 3, "CouponTakenOften": 61}
    assert CouponCount.objects.get(template=offer, user=person).issued == 3
    assert CouponStock.objects.get(template=offer).issued == 3
    assert owed() - before == 3 * 5_00


def test_one_source_gives_one_coupon_however_often_it_is_asked_at_once(in_parallel):
    offer, [person], before = template(per_person=9), people(1), owed()

    answers = in_parallel([taking(offer, person, "the same")] * 16, threads=16)

    assert outcomes_of(answers) == {"Coupon": 16}
    assert len({coupon.pk for coupon in answers}) == 1
    assert CouponCount.objects.get(template=offer, user=person).issued == 1
    assert owed() - before == 5_00
