"""Limits as arithmetic: what is left, when it begins anew, and which moves count on what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.rules.kinds import MoveKind
from wallet.rules.limits import NONE, OUT, Limits, Period, Used, counted_on, left_of, resets_on

TODAY = date(2026, 12, 31)


@pytest.mark.parametrize("kind", [MoveKind.PAY, MoveKind.TRANSFER, MoveKind.RED_PACKET, MoveKind.BILL])
def test_what_leaves_the_balance_for_others_takes_the_sum_first(kind):
    assert counted_on(kind) == [OUT, kind]


@pytest.mark.parametrize("kind", [MoveKind.TOP_UP, MoveKind.WITHDRAW])
def test_what_comes_in_or_goes_back_to_its_owner_is_not_in_the_sum(kind):
    assert counted_on(kind) == [kind]


@pytest.mark.parametrize(
    ("period", "today", "expected"),
    [
        (Period.DAY, TODAY, date(2027, 1, 1)),
        (Period.TIMES, date(2028, 2, 28), date(2028, 2, 29)),
        (Period.MONTH, date(2026, 1, 31), date(2026, 2, 1)),
        (Period.MONTH, TODAY, date(2027, 1, 1)),
        (Period.YEAR, date(2026, 1, 1), date(2027, 1, 1)),
        (Period.SINGLE, TODAY, None),
        (Period.LIFETIME, TODAY, None),
    ],
)
def test_a_period_begins_anew_on_its_first_day(period, today, expected):
    assert resets_on(period, today=today) == expected


def test_the_tightest_limit_says_what_is_left():
    limits = Limits(single=50, per_day=100, per_month=300, times_a_day=3)
    used = Used(day=TODAY, times=2, day_amount=70, month_amount=280, year_amount=280, lifetime_amount=280)

    assert left_of(limits, used, today=TODAY) == 20
    assert left_of(limits, Used(), today=TODAY) == 50
    assert left_of(limits, used, today=TODAY + timedelta(days=1)) == 50


def test_without_a_move_left_nothing_is_left():
    limits = Limits(per_day=100, times_a_day=2)

    assert left_of(limits, Used(day=TODAY, times=2), today=TODAY) == 0
    assert left_of(limits, Used(day=TODAY, times=2), today=TODAY + timedelta(days=1)) == 100


def test_a_limit_that_was_lowered_below_what_is_used_leaves_nothing():
    assert left_of(Limits(per_day=10), Used(day=TODAY, day_amount=30), today=TODAY) == 0


def test_where_nobody_said_anything_nothing_may_be_moved():
    assert left_of(NONE, Used(), today=TODAY) == 0


@given(
    st.lists(st.tuples(st.integers(0, 800), st.integers(1, 1000)), max_size=20).map(sorted),
    st.integers(0, 900),
)
def test_what_is_used_is_the_sum_of_the_moves_of_the_period(moves, later):
    """The row that begins its periods anew by itself, against a list of everything that ever moved."""
    start = date(2026, 10, 30)
    used = Used()
    for days, amount in moves:
        used = _after(used, day=start + timedelta(days=days), amount=amount)
    today = start + timedelta(days=max([later, *(days for days, _amount in moves)]))
    done = [(start + timedelta(days=days), amount) for days, amount in moves]

    def total(begins: date) -> int:
        return sum(amount for day, amount in done if day >= begins)

    assert used.of(Period.DAY, today=today) == total(today)
    assert used.of(Period.TIMES, today=today) == sum(day == today for day, _amount in done)
    assert used.of(Period.MONTH, today=today) == total(today.replace(day=1))
    assert used.of(Period.YEAR, today=today) == total(date(today.year, 1, 1))
    assert used.of(Period.LIFETIME, today=today) == total(date.min)


def _after(used: Used, *, day: date, amount: int) -> Used:
    """One more move, as the counting statement books it."""
    return Used(
        day=day,
        times=used.of(Period.TIMES, today=day) + 1,
        day_amount=used.of(Period.DAY, today=day) + amount,
        month_amount=used.of(Period.MONTH, today=day) + amount,
        year_amount=used.of(Period.YEAR, today=day) + amount,
        lifetime_amount=used.lifetime_amount + amount,
    )
