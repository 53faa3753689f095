"""A coupon that spares a fee is reserved by a quote, used by its move, and back if that comes to nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from coupons.rules.offers import CouponKind
from coupons.services.coupons import issue_coupon, renew_coupon, void_coupon
from coupons.tests.offers import owed, people, template
from wallet.errors import QuoteExpired
from wallet.rules.kinds import MoveKind
from wallet.services.quotes import give_back_quote, make_quote, take_quote
from wallet.tests.factories import make_schedule
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    make_schedule(MoveKind.WITHDRAW, flat=2_00)
    return people(1)[0]


@pytest.fixture
def coupon(person):
    offer = template(kind=CouponKind.FEE_FREE, amount=1_50, threshold=0, kinds=[MoveKind.WITHDRAW])
    return issue_coupon(template_id=offer.pk, user_id=person.pk, source="test")


def quote_for(person, card="1234", kind=MoveKind.WITHDRAW):
    return make_quote(user_id=person.pk, kind=kind, amount=100_00, facts={"card": card})


def take(quote, card="1234"):
    with transaction.atomic():
        return take_quote(
            user_id=quote.user_id,
            quote_id=quote.public_id,
            kind=quote.kind,
            amount=quote.amount,
            facts={"card": card},
            at=clock.now(),
        )


@pytest.fixture
def now(coupon, outbox):
    """How the coupon is when everybody has heard everything."""

    def look():
        outbox.deliver()
        coupon.refresh_from_db()
        return coupon.state, coupon.worth

    return look


def test_a_move_uses_the_coupon_that_its_quote_reserved(person, coupon, now):
    before = owed()

    quote = quote_for(person)
    take(quote)

    assert (quote.fee, quote.breakdown[-1]) == (50, {"line": "spared", "amount": -1_50})
    assert now() == ("REDEEMED", 1_50)
    assert before - owed() == 1_50
    assert quote_for(person).fee == 2_00


def test_a_quote_that_lapses_gives_the_waiver_back(person, now):
    first, beside = quote_for(person), quote_for(person, card="5678")
    again = quote_for(person)

    assert [quote.fee for quote in (first, beside, again)] == [50, 2_00, 50]
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert quote_for(person, card="9999").fee == 50
    assert now() == ("HELD", 0)


def test_a_move_that_comes_to_nothing_gives_the_coupon_back(person, coupon, now):
    before = owed()
    quote = take(quote_for(person))
    assert now() == ("REDEEMED", 1_50)

    with transaction.atomic():
        give_back_quote(quote_id=quote.pk)

    assert now() == ("HELD", 0)
    assert owed() == before
    assert quote_for(person).fee == 50


def test_a_voided_coupon_spares_no_fee_and_ends_the_quote_that_counted_on_it(person, coupon):
    quote = quote_for(person)

    void_coupon(coupon_id=coupon.pk, reason="发错了")

    with pytest.raises(QuoteExpired):
        take(quote)
    assert quote_for(person).fee == 2_00


def test_a_coupon_that_is_given_again_spares_the_fee_again(person, coupon):
    void_coupon(coupon_id=coupon.pk, reason="发错了")
    before = owed()

    with transaction.atomic():
        renew_coupon(user_id=person.pk, serial=coupon.serial, reference="N26")

    assert owed() - before == coupon.face
    assert quote_for(person).fee == 50


def test_a_coupon_for_one_kind_of_move_spares_no_other(person, coupon):
    make_schedule(MoveKind.TRANSFER, flat=1_00)

    assert quote_for(person, kind=MoveKind.TRANSFER).fee == 1_00
