"""A coupon is given once per source, promised in the ledger, used once, and comes back with its order."""

from datetime import timedelta

import pytest
from django.db import transaction

from coupons.errors import CouponNotOffered, CouponNotUsable, CouponsGone, CouponTakenOften
from coupons.models import Coupon, CouponStock
from coupons.services.coupons import (
    free_coupons,
    issue_coupon,
    redeem_coupons,
    reserve_coupon,
    return_coupons,
    void_coupon,
)
from coupons.tests.offers import owed, people, template, untrue
from wallet.services.promises import Promise, book_lapse
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return people(1)[0]


def given(person, offer, source="test"):
    return issue_coupon(template_id=offer.pk, user_id=person.pk, source=source, reference="because")


def reserved(person, coupon, at=None):
    with transaction.atomic():
        return reserve_coupon(
            coupon_id=coupon.pk, user_id=person.pk, reference="O1", worth=4_00, at=at or clock.now()
        )


def test_a_coupon_is_promised_and_told_of_once_per_source(person):
    offer, before = template(stock=2, per_person=2), owed()

    first, again, second = given(person, offer), given(person, offer), given(person, offer, source="more")

    assert (first.state, first.face, first.cause) == ("HELD", 5_00, "because")
    assert first.valid_until - first.valid_from == timedelta(days=30)
    assert first.pk == again.pk != second.pk
    assert owed() - before == 10_00
    assert CouponStock.objects.get(template=offer).issued == 2
    assert StoredEvent.objects.filter(name="coupons.coupon.issued").count() == 2


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"stock": 1, "per_person": 5}, CouponsGone),
        ({"per_person": 1}, CouponTakenOften),
    ],
)
def test_a_refused_coupon_leaves_nothing_behind_and_lets_its_caller_go_on(person, terms, refusal):
    offer = template(**terms)
    given(person, offer)
    before = owed(), Coupon.objects.count(), StoredEvent.objects.count()

    with transaction.atomic():
        with pytest.raises(refusal):
            given(person, offer, source="more")
        person.refresh_from_db()  # the caller's transaction is alive

    assert (owed(), Coupon.objects.count(), StoredEvent.objects.count()) == before


@pytest.mark.parametrize(
    "terms",
    [
        {"state": AgreedState.DRAFT},
        {"state": AgreedState.RETIRED},
        {"offered_from": clock.now() + timedelta(days=1)},
        {"offered_until": clock.now() - timedelta(minutes=1)},
    ],
)
def test_what_is_not_offered_now_is_not_given(person, terms):
    with pytest.raises(CouponNotOffered):
        given(person, template(**terms))

    assert not Coupon.objects.exists()


def test_an_order_reserves_a_coupon_and_gives_it_back(person):
    coupon, before = given(person, template()), owed()

    reserved(person, coupon)
    with pytest.raises(CouponNotUsable):
        reserved(person, coupon)
    with transaction.atomic():
        free_coupons(reference="O1")
        free_coupons(reference="O1")

    coupon.refresh_from_db()
    assert (coupon.state, coupon.reference, coupon.worth, owed()) == ("HELD", "", 0, before)


def test_a_used_coupon_comes_back_with_its_order_and_is_promised_anew(person):
    coupon, before = given(person, template()), owed()
    reserved(person, coupon)

    with transaction.atomic():
        [used] = redeem_coupons(reference="O1", at=clock.now())
        again = redeem_coupons(reference="O1", at=clock.now())
        # The journal of the sale does so.
        book_lapse(of=Promise.COUPON, user_id=person.pk, amount=5_00, key="sale", reference="O1")
    with transaction.atomic():
        [back] = return_coupons(reference="O1", number="B1")
        nothing = return_coupons(reference="O1", number="B2")

    assert (used.pk, used.state, used.worth, again) == (coupon.pk, "REDEEMED", 4_00, [])
    assert (back.state, back.reference, nothing) == ("HELD", "", [])
    assert owed() == before


@pytest.mark.parametrize("days", [-1, 31])
def test_a_coupon_is_used_in_its_time_only(person, days):
    coupon = given(person, template())

    with pytest.raises(CouponNotUsable):
        reserved(person, coupon, at=clock.now() + timedelta(days=days))


def test_a_coupon_is_used_by_its_owner_only(person):
    coupon = given(person, template())

    with pytest.raises(CouponNotUsable):
        reserved(people(1)[0], coupon)


def test_a_voided_coupon_is_not_owed_any_more(person):
    before = owed()
    coupon = given(person, template())

    void_coupon(coupon_id=coupon.pk, reason="发错了")

    coupon.refresh_from_db()
    assert (coupon.state, owed()) == ("VOIDED", before)
    with pytest.raises(CouponNotUsable):
        void_coupon(coupon_id=coupon.pk, reason="再来")


def test_the_nightly_sentences_see_what_was_tampered_with(person):
    coupon = given(person, template(stock=5))
    reserved(person, coupon)
    before = untrue()  # of tests whose rows stay

    Coupon.objects.filter(pk=coupon.pk).update(face=6_00)
    CouponStock.objects.update(issued=4)

    assert "coupon_stock_is_of_coupons" not in before
    assert {"coupon_liability_is_of_coupons", "coupon_stock_is_of_coupons"} <= set(untrue())
