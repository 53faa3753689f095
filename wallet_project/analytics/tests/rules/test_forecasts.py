"""A number goes on at its pace, weekday by weekday; a target stands as its forecast does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallet_project.analytics.rules.forecasts import go_on
from wallet_project.analytics.rules.metrics import Adds
from wallet_project.analytics.rules.targets import Health, TargetAim, TargetPeriod, health_of, period_with

unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TODAY = date(2026, 11, 16)  # a Monday
AHEAD = [TODAY + timedelta(days=number) for number in range(14)]


def past(values):
    """The last of them is yesterday's."""
    days = (TODAY - timedelta(days=number) for number in range(len(values), 0, -1))
    return dict(zip(days, values, strict=True))


def near(values):
    return pytest.approx([float(value) for value in values])


@unhurried
@given(st.lists(st.integers(0, 1_000), min_size=7, max_size=7), st.integers(4, 8))
def test_a_week_that_repeats_itself_goes_on_so(week, weeks):
    found = go_on(Adds.SUM, past(week * weeks), AHEAD)

    assert [float(value) for value in found] == near(week * 2)


@unhurried
@given(st.lists(st.integers(0, 1_000), min_size=7, max_size=60), st.integers(2, 100))
def test_more_of_everything_is_more_of_it_later_and_nothing_is_below_nothing(values, times):
    found = go_on(Adds.SUM, past(values), AHEAD)
    more = go_on(Adds.SUM, past([value * times for value in values]), AHEAD)

    assert all(value >= 0 for value in found)
    assert [float(value) for value in more] == near(value * times for value in found)


@unhurried
@given(st.integers(-1_000, 1_000), st.integers(0, 10_000), st.integers(7, 60))
def test_a_balance_goes_on_as_it_grew(daily, begins, days):
    balances = [begins + daily * number for number in range(days)]

    found = go_on(Adds.LAST, past(balances), AHEAD)

    assert [float(value) for value in found] == near(
        balances[-1] + daily * number for number in range(1, len(AHEAD) + 1)
    )


def test_a_pace_that_doubled_a_month_ago_is_the_new_one():
    found = go_on(Adds.SUM, past([100] * 28 + [200] * 28), AHEAD)

    assert [float(value) for value in found] == near([200] * 14)


def test_less_than_a_week_says_nothing():
    assert go_on(Adds.SUM, past([5] * 6), AHEAD) is None


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        (TargetPeriod.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (TargetPeriod.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (TargetPeriod.QUARTER, date(2026, 11, 16), date(2026, 10, 1), date(2026, 12, 31)),
        (TargetPeriod.YEAR, date(2026, 6, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_the_one_that_the_day_is_in(kind, day, first, last):
    period = period_with(kind, day)

    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("aim", "goal", "value", "is_over", "health"),
    [
        ("AT_LEAST", 100, 100, False, Health.ON_TRACK),
        ("AT_LEAST", 100, 95, False, Health.CLOSE),
        ("AT_LEAST", 100, 94, False, Health.BEHIND),
        ("AT_MOST", 100, 100, False, Health.ON_TRACK),
        ("AT_MOST", 100, 105, False, Health.CLOSE),
        ("AT_MOST", 100, 106, False, Health.BEHIND),
        ("AT_LEAST", -10, -12, False, Health.BEHIND),
        ("AT_LEAST", 100, 99, True, Health.MISSED),
        ("AT_MOST", 100, 99, True, Health.REACHED),
        ("AT_LEAST", 100, None, False, Health.UNKNOWN),
    ],
)
def test_how_it_stands_follows_from_what_it_is_likely_to_come_to(aim, goal, value, is_over, health):
    likely = None if value is None else Decimal(value)

    assert health_of(TargetAim(aim), Decimal(goal), likely, is_over=is_over) is health


def test_what_may_be_less_than_nothing_goes_on_at_its_mean():
    """The two Mondays are minus six mean days, which the six other weekdays would have evened out to none."""
    balances = [-3, 10, 0, 0, 0, 0, 0, -3]
    yesterday_a_monday = {TODAY - timedelta(days=7 - number): value for number, value in enumerate(balances)}

    found = go_on(Adds.SUM, yesterday_a_monday, AHEAD[1:3])

    assert [float(value) for value in found] == [0.5, 0.5]
