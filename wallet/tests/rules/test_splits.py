"""A bill is split to the fen, whoever shares it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.errors import SplitImpossible
from wallet.rules.splits import MOST_PLACES, end_of, split_by_amounts, split_equally

PLACES = st.integers(min_value=1, max_value=MOST_PLACES)
FEN = st.integers(min_value=1, max_value=100_000_000)


@given(FEN, PLACES, st.booleans())
def test_equal_shares_lose_no_fen_and_differ_by_one_at_most(total, places, with_organiser):
    total += places + with_organiser  # a fen for each, at least
    plan = split_equally(total, places=places, with_organiser=with_organiser)

    everybody = [*plan.shares, *([plan.own] if with_organiser else [])]
    assert plan.own + sum(plan.shares) == total
    assert len(plan.shares) == places
    assert max(everybody) - min(everybody) <= 1
    assert plan.own == (max(everybody) if with_organiser else 0)


@given(st.lists(FEN, min_size=1, max_size=MOST_PLACES), st.integers(min_value=0, max_value=10**8))
def test_amounts_are_taken_as_they_are_when_they_add_up(shares, own):
    total = own + sum(shares)

    plan = split_by_amounts(total, shares=shares, own=own)

    assert (plan.own, list(plan.shares)) == (own, shares)
    with pytest.raises(SplitImpossible) as refused:
        split_by_amounts(total + 1, shares=shares, own=own)
    assert refused.value.detail == {"reason": "DOES_NOT_ADD_UP"}


@pytest.mark.parametrize(
    ("split", "reason"),
    [
        (lambda: split_equally(100, places=0, with_organiser=True), "NOBODY"),
        (lambda: split_equally(10_000, places=MOST_PLACES + 1, with_organiser=True), "TOO_MANY"),
        (lambda: split_equally(2, places=3, with_organiser=False), "TOO_SMALL"),
        (lambda: split_by_amounts(100, shares=[], own=100), "NOBODY"),
        (lambda: split_by_amounts(100, shares=[0, 100], own=0), "TOO_SMALL"),
        (lambda: split_by_amounts(100, shares=[150], own=-50), "TOO_SMALL"),
    ],
)
def test_what_is_no_split_says_why(split, reason):
    with pytest.raises(SplitImpossible) as refused:
        split()

    assert refused.value.detail == {"reason": reason}


@pytest.mark.parametrize(
    ("still_open", "paid", "shares", "end"),
    [(1, 0, 1, None), (1, 2, 3, None), (0, 3, 3, "PAID_UP"), (0, 2, 3, "CLOSED"), (0, 0, 3, "CLOSED")],
)
def test_a_split_is_over_when_nobody_is_left_to_pay(still_open, paid, shares, end):
    assert end_of(still_open=still_open, paid=paid, shares=shares) == end
