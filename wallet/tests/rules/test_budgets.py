"""How far a budget is used up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.rules.budgets import levels_reached, percent_used


@pytest.mark.parametrize(
    ("spent", "amount", "levels", "percent"),
    [
        (0, 100, (), 0),
        (79, 100, (), 79),
        (80, 100, (80,), 80),
        (99, 100, (80,), 99),
        (100, 100, (80, 100), 100),
        (250, 100, (80, 100), 250),
        (79_999, 100_000, (), 79),
        (80_000, 100_000, (80,), 80),
        (1, 1, (80, 100), 100),
        (7, 9, (), 77),
        (8, 9, (80,), 88),
        (-50, 100, (), 0),
    ],
)
def test_levels_are_reached_to_the_fen(spent, amount, levels, percent):
    assert levels_reached(spent=spent, amount=amount) == levels
    assert percent_used(spent=spent, amount=amount) == percent


@given(spent=st.integers(-(2**53), 2**53), more=st.integers(0, 2**53), amount=st.integers(1, 2**53))
def test_spending_more_never_reaches_less(spent, more, amount):
    before = levels_reached(spent=spent, amount=amount)
    after = levels_reached(spent=spent + more, amount=amount)

    assert set(before) <= set(after)
    assert (100 in after) == (spent + more >= amount)
