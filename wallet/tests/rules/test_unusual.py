"""What is worth a second look."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.rules.unusual import ENOUGH_LINES, LARGE_FROM, LARGE_TIMES, Habit, Oddity, Usual, oddities_of

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
NIGHT = datetime(2026, 11, 21, 18, tzinfo=UTC)


def odd(amount, *, lines=ENOUGH_LINES, median=3_000, category="food", at=NOON, first_night=None):
    usual = Usual(habits={"food": Habit(lines=lines, median=median)}, first_night=first_night)
    return oddities_of(category=category, amount=amount, occurred_at=at, usual=usual)


@pytest.mark.parametrize(
    ("amount", "usual", "is_large"),
    [
        (9_000, {}, False),  # three times the median is not more than that
        (9_001, {}, True),
        (9_001, {"lines": ENOUGH_LINES - 1}, False),
        (9_001, {"category": "leisure"}, False),
        (5_000, {"median": 100}, False),  # fifty yuan is never large
        (5_001, {"median": 100}, True),
        (5_001, {"median": 1_666}, True),
        (5_001, {"median": 1_667}, False),
    ],
)
def test_large_is_more_than_three_times_the_usual_and_than_fifty_yuan(amount, usual, is_large):
    assert odd(amount, **usual) == ([Oddity.LARGE] if is_large else [])


def test_the_first_night_is_one_payment():
    assert odd(100, at=NIGHT, first_night=NIGHT) == [Oddity.FIRST_NIGHT]
    assert odd(100, at=NOON, first_night=NIGHT) == []
    assert odd(90_000, at=NIGHT, first_night=NIGHT) == [Oddity.LARGE, Oddity.FIRST_NIGHT]


@given(amount=st.integers(1, 2**40), more=st.integers(0, 2**40), median=st.integers(1, 2**40))
def test_more_is_never_less_unusual(amount, more, median):
    if odd(amount, median=median):
        assert odd(amount + more, median=median)
    assert bool(odd(amount, median=median)) == (amount > LARGE_FROM and amount > LARGE_TIMES * median)


def test_every_oddity_is_said_in_words():
    assert all("90" in str(oddity.label) for oddity in Oddity)
