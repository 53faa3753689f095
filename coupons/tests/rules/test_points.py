"""How long points last, what they buy, of which lots they are taken."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coupons.rules.points import last_day, most_points, take_back, take_in_order, worth_of


@pytest.mark.parametrize(
    ("mode", "months", "first", "last"),
    [
        ("ROLLING", 12, date(2026, 11, 28), date(2027, 11, 28)),
        ("ROLLING", 1, date(2027, 1, 31), date(2027, 2, 28)),
        ("ROLLING", 12, date(2028, 2, 29), date(2029, 2, 28)),
        ("MONTH_END", 1, date(2026, 11, 2), date(2026, 12, 31)),
        ("MONTH_END", 3, date(2027, 11, 30), date(2028, 2, 29)),
        ("YEAR_END", 12, date(2026, 1, 1), date(2027, 12, 31)),
        ("YEAR_END", 1, date(2026, 12, 15), date(2027, 12, 31)),
    ],
)
def test_points_last_to_a_day_of_the_policy(mode, months, first, last):
    assert last_day(mode=mode, months=months, first=first) == last


@given(st.integers(0, 10**9), st.integers(100, 10_000), st.integers(0, 10_000))
def test_the_most_points_pay_the_most_that_they_may_and_no_point_is_wasted(amount, per_yuan, share):
    points = most_points(amount, per_yuan=per_yuan, share=share)

    assert worth_of(points, per_yuan=per_yuan) == amount * share // 10_000
    assert points == 0 or worth_of(points - 1, per_yuan=per_yuan) < amount * share // 10_000


@given(st.lists(st.integers(0, 50)), st.integers(0, 500))
def test_points_are_taken_from_the_first_lots_and_exactly(left, points):
    lots = list(enumerate(left))
    if points > sum(left):
        with pytest.raises(ValueError, match="missing"):
            take_in_order(points, lots)
        return
    taken = take_in_order(points, lots)

    assert sum(part.points for part in taken) == points
    assert all(part.points == left[part.of] for part in taken[:-1])
    assert all(part.points > 0 for part in taken)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_what_is_taken_back_is_left_expired_or_owed(due, left, expired):
    back = take_back(due, left=left, expired=expired)

    assert sum(back) == due
    assert (back.left, back.expired) <= (left, expired)
    assert back.owed == max(due - left - expired, 0)
