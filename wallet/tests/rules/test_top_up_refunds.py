"""What comes back of a top-up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.rules.top_up_refunds import NO_REASON_FOR, RefundCause, ToppedUp, cause_of, plan_refund

THEN = datetime(2026, 11, 1, tzinfo=UTC)


def topped_up(*, paid=10_000, paid_left=10_000, gift=2_000, gift_left=2_000, expired=0, returned=0):
    return ToppedUp(
        paid=paid,
        paid_left=paid_left,
        returned=returned,
        given=gift,
        given_left=gift_left,
        given_expired=expired,
        credited_at=THEN,
    )


@pytest.mark.parametrize(
    ("cause", "left", "back"),
    [
        (RefundCause.CUSTOMER, {}, 10_000),  # untouched
        (RefundCause.CUSTOMER, {"gift_left": 500}, 8_500),  # 15.00 of the gift used, at its full price
        (RefundCause.CUSTOMER, {"gift_left": 0, "paid_left": 6_000}, 4_000),
        (RefundCause.CUSTOMER, {"gift_left": 0, "paid_left": 1_000}, 0),  # would owe 10.00, owes nothing
        (RefundCause.CUSTOMER, {"gift_left": 0, "expired": 2_000}, 10_000),  # a gift that ended was not used
        (
            RefundCause.MERCHANT,
            {"gift_left": 0, "paid_left": 6_000},
            5_000,
        ),  # 60.00 used were bought for 50.00
        (RefundCause.MERCHANT, {"gift_left": 0, "paid_left": 0}, 0),
        (RefundCause.MERCHANT, {"gift_left": 2_000, "paid_left": 0}, 1_667),  # 100.00 used for 83.33
        (RefundCause.MERCHANT, {"gift_left": 0, "paid_left": 3_000, "returned": 3_000}, 2_000),
    ],
)
def test_what_was_used_is_paid_for(cause, left, back):
    assert plan_refund(topped_up(**left), cause).paid_back == back


def test_for_seven_days_what_is_untouched_needs_no_reason():
    assert cause_of(topped_up(), at=THEN + NO_REASON_FOR - timedelta(seconds=1)) is RefundCause.NO_REASON
    assert cause_of(topped_up(), at=THEN + NO_REASON_FOR) is RefundCause.CUSTOMER
    assert cause_of(topped_up(gift_left=1_999), at=THEN) is RefundCause.CUSTOMER


@st.composite
def top_ups(draw):
    paid = draw(st.integers(1, 10**9))
    gift = draw(st.integers(0, paid))
    paid_left = draw(st.integers(0, paid))
    returned = draw(st.integers(0, paid - paid_left))
    gift_left = draw(st.integers(0, gift))
    expired = draw(st.integers(0, gift - gift_left))
    return topped_up(
        paid=paid, paid_left=paid_left, gift=gift, gift_left=gift_left, expired=expired, returned=returned
    )


@given(top_ups())
def test_nobody_gets_more_than_they_paid_or_owes_anything(top_up):
    own, merchants = (plan_refund(top_up, cause) for cause in (RefundCause.CUSTOMER, RefundCause.MERCHANT))

    assert 0 <= own.paid_back <= top_up.paid_left
    assert own.paid_back <= merchants.paid_back <= top_up.paid - top_up.returned
    for plan in (own, merchants):
        assert (plan.own_taken, plan.gift_taken) == (top_up.paid_left, top_up.given_left)
        assert plan.charged == max(plan.own_taken - plan.paid_back, 0)


@given(top_ups())
def test_without_using_anything_all_of_it_comes_back(top_up):
    untouched = topped_up(paid=top_up.paid, paid_left=top_up.paid, gift=top_up.given, gift_left=top_up.given)

    for cause in RefundCause:
        assert plan_refund(untouched, cause).paid_back == top_up.paid
