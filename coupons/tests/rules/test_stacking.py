"""Which offers apply, what they take off together, and which are best."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coupons.rules.baskets import Basket, BasketLine
from coupons.rules.discounts import worth_of
from coupons.rules.eligibility import Reason, obstacle_to
from coupons.rules.offers import CouponKind, Offer, Terms, Who
from coupons.rules.stacking import MOST_TOGETHER, apply_together, best_for, objection_to

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)  # a Saturday, 12:00 in Shanghai
ANYBODY = Who()
LINES = (
    BasketLine(sku="DRIP", amount=30_00, quantity=3),
    BasketLine(sku="CAKE", amount=20_00),
)
BASKET = Basket(amount=60_00, place="store:renmin", kind="STORE", lines=LINES)


def offer(number=1, **terms):
    said = {"kind": CouponKind.AMOUNT, "amount": 5_00, **terms}
    return Offer(
        template_id=number,
        coupon_id=number,
        terms=Terms(**said),
        valid_from=NOON - timedelta(days=1),
        valid_until=NOON + timedelta(days=number),
    )


def best(*offers, basket=BASKET, who=ANYBODY):
    return best_for(offers, basket=basket, who=who, at=NOON)


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"kind": CouponKind.FEE_FREE}, Reason.FOR_FEES),
        ({"weekdays": frozenset({1, 7})}, Reason.NOT_THIS_DAY),
        ({"blackout": frozenset({date(2026, 11, 28)})}, Reason.NOT_THIS_DAY),
        ({"hour_from": 13}, Reason.NOT_THIS_HOUR),
        ({"hour_until": 12}, Reason.NOT_THIS_HOUR),
        ({"kinds": frozenset({"SHOP"})}, Reason.NOT_THIS_KIND),
        ({"places": frozenset({"store:other"})}, Reason.NOT_HERE),
        ({"new_customers": True}, Reason.NEW_CUSTOMERS),
        ({"tier": "gold"}, Reason.TIER),
        ({"segment_id": 7}, Reason.AUDIENCE),
        ({"items": frozenset({"TEA"})}, Reason.NO_ITEM),
        ({"threshold": 60_01}, Reason.BELOW_THRESHOLD),
        ({"items": frozenset({"CAKE"}), "threshold": 20_01}, Reason.BELOW_THRESHOLD),
    ],
)
def test_what_does_not_apply_says_why(terms, reason):
    assert obstacle_to(offer(**terms), basket=BASKET, who=ANYBODY, at=NOON).reason == reason


@pytest.mark.parametrize(("days", "reason"), [(-2, Reason.NOT_YET), (-1, None), (0, None), (1, Reason.OVER)])
def test_an_offer_counts_from_its_beginning_until_its_end(days, reason):
    found = obstacle_to(offer(), basket=BASKET, who=ANYBODY, at=NOON + timedelta(days=days))

    assert (found and found.reason) == reason


def test_what_suits_in_every_way_applies():
    narrow = offer(
        weekdays=frozenset({6}),
        hour_from=12,
        hour_until=13,
        kinds=frozenset({"STORE"}),
        places=frozenset({"store:renmin"}),
        items=frozenset({"CAKE"}),
        threshold=20_00,
        tier="gold",
        segment_id=7,
        new_customers=True,
    )
    who = Who(is_new=True, tier="gold", segments=frozenset({7}))

    assert obstacle_to(narrow, basket=BASKET, who=who, at=NOON) is None


@pytest.mark.parametrize(
    ("terms", "worth"),
    [
        ({"amount": 100_00}, 60_00),
        ({"amount": 100_00, "items": frozenset({"CAKE"})}, 20_00),
        ({"kind": CouponKind.PERCENT, "rate": 1_250, "amount": 100_00}, 7_50),
        ({"kind": CouponKind.PERCENT, "rate": 1_250, "amount": 7_00}, 7_00),
        ({"kind": CouponKind.PERCENT, "rate": 5_000, "amount": 99_00, "items": frozenset({"DRIP"})}, 15_00),
        ({"kind": CouponKind.GIFT, "amount": 99_00, "items": frozenset({"DRIP"})}, 10_00),
        ({"kind": CouponKind.GIFT, "amount": 8_00, "items": frozenset({"DRIP"})}, 8_00),
    ],
)
def test_an_offer_is_worth_what_its_terms_say(terms, worth):
    assert worth_of(offer(**terms).terms, BASKET) == worth


def test_one_of_a_group_is_used_and_the_others_say_why_not():
    small, large, other = offer(1), offer(2, amount=6_00), offer(3, group="门店券")

    found = best(small, large, other)

    assert [(one.offer, one.off) for one in found.applied] == [(large, 6_00), (other, 5_00)]
    assert found.obstacles[small].reason == Reason.SAME_GROUP


def test_an_exclusive_offer_stands_alone_when_it_is_worth_it():
    alone, one, two = offer(1, amount=12_00, exclusive=True), offer(2), offer(3, group="b")

    found = best(alone, one, two)

    assert found.off == 12_00
    assert {reason.reason for reason in found.obstacles.values()} == {Reason.EXCLUSIVE}
    assert best(one, two, offer(1, amount=9_00, exclusive=True)).off == 10_00


def test_what_a_few_more_yuan_would_unlock_is_told():
    now, soon, later = (
        offer(1),
        offer(2, amount=9_00, threshold=70_00),
        offer(3, amount=30_00, threshold=99_00),
    )

    unlock = best(now, soon, later).unlock

    assert (unlock.offer, unlock.missing, unlock.gain) == (soon, 10_00, 4_00)
    assert best(now, offer(2, amount=4_00, threshold=70_00)).unlock is None


SCOPES = st.sampled_from([frozenset(), frozenset({"DRIP"}), frozenset({"CAKE"}), frozenset({"DRIP", "CAKE"})])
TERMS = st.builds(
    Terms,
    kind=st.just(CouponKind.AMOUNT),
    amount=st.integers(1, 40_00),
    threshold=st.sampled_from([0, 25_00, 80_00]),
    items=SCOPES,
    group=st.sampled_from(["", "a", "b", "c"]),
    exclusive=st.sampled_from([False, False, False, True]),
) | st.builds(
    Terms,
    kind=st.sampled_from([CouponKind.PERCENT, CouponKind.CASHBACK]),
    amount=st.integers(1, 40_00),
    rate=st.integers(1, 10_000),
    items=SCOPES,
    group=st.sampled_from(["", "a", "b", "c"]),
)
OFFERS = st.lists(TERMS, max_size=7).map(
    lambda found: [
        Offer(
            template_id=number,
            coupon_id=number,
            terms=terms,
            valid_from=NOON - timedelta(days=1),
            valid_until=NOON + timedelta(days=1),
        )
        for number, terms in enumerate(found)
    ]
)


@st.composite
def baskets(draw):
    lines = tuple(
        BasketLine(sku=sku, amount=draw(st.integers(1, 40_00)), quantity=draw(st.integers(1, 3)))
        for sku in draw(st.lists(st.sampled_from(["DRIP", "CAKE", "TEA"]), unique=True))
    )
    amount = sum(line.amount for line in lines) + draw(st.integers(0 if lines else 1, 20_00))
    return Basket(amount=amount, place="store:renmin", kind="STORE", lines=lines)


def go_together(offers):
    return all(
        objection_to(one, beside=offers[:place] + offers[place + 1 :]) is None
        for place, one in enumerate(offers)
    )


@settings(max_examples=150, deadline=None)
@given(OFFERS, baskets())
def test_the_best_is_what_trying_everything_finds_and_never_more_than_the_basket(offers, basket):
    found = best(*offers, basket=basket)
    fitting = [one for one in offers if obstacle_to(one, basket=basket, who=ANYBODY, at=NOON) is None]
    tried = [
        sum(one.off + one.back for one in apply_together(some, basket))
        for size in range(MOST_TOGETHER + 1)
        for some in combinations(fitting, size)
        if go_together(some)
    ]

    assert found.worth == max(tried)
    assert 0 <= found.off <= basket.amount
    assert {one.offer for one in found.applied} | set(found.obstacles) == set(offers)
    for one in found.applied:
        inside = sum(line.amount for line in basket.lines if line.sku in one.offer.terms.items)
        assert one.off <= one.offer.terms.amount
        assert not one.offer.terms.items or one.off <= inside


@settings(max_examples=100, deadline=None)
@given(OFFERS, baskets())
def test_item_offers_never_take_more_of_a_line_than_it_is(offers, basket):
    scoped = [one for one in offers if one.terms.items]

    applied = apply_together(scoped, basket)

    for items in ({"DRIP"}, {"CAKE"}, {"DRIP", "CAKE"}):
        inside = sum(line.amount for line in basket.lines if line.sku in items)
        assert sum(one.off for one in applied if one.offer.terms.items <= items) <= inside
