"""What is usual is what most weeks were; what is far from it is strange, and odd weeks change nothing."""

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallet_project.analytics.rules.baselines import (
    DAYS,
    ENOUGH_DAYS,
    ENOUGH_WEEKS,
    WEEKS,
    Direction,
    Reading,
    Reference,
    Sensitivity,
    Terms,
    judge,
)

# How long an example takes says more of a crowded machine than of the rule.
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TODAY, HOUR = date(2026, 11, 27), 10


def terms(sensitivity=Sensitivity.NORMAL, direction=Direction.BOTH, minimum=1):
    return Terms(sensitivity=sensitivity, direction=direction, minimum=minimum)


def hours(value):
    reading = value if isinstance(value, Reading) else Reading(value)
    return [
        reading if hour == HOUR else Reading(0, None if reading.base is None else 0) for hour in range(24)
    ]


def weekly(now, past):
    weeks = {TODAY - timedelta(weeks=number + 1): hours(value) for number, value in enumerate(past)}
    return {TODAY: hours(now), **weeks}


def verdict(now, past, **more):
    is_over = more.pop("is_over", True)
    return judge(weekly(now, past), day=TODAY, hour=HOUR, terms=terms(**more), is_over=is_over)


counts = st.integers(0, 10_000)
histories = st.lists(st.integers(5, 10_000), min_size=ENOUGH_WEEKS, max_size=WEEKS)


@unhurried
@given(counts, histories, st.randoms())
def test_the_order_of_the_weeks_does_not_matter(now, past, random):
    shuffled = past[:]
    random.shuffle(shuffled)

    assert verdict(now, past) == verdict(now, shuffled)


@unhurried
@given(histories)
def test_what_is_usual_is_never_strange(past):
    found = verdict(round(median(past)), past, sensitivity=Sensitivity.HIGH)

    assert found.strange is None
    assert found.low <= found.expected <= found.high


@unhurried
@given(counts, counts, histories)
def test_what_is_further_away_is_no_less_strange(now, further, past):
    found, other = verdict(now, past), verdict(further, past)

    if found.strange is Direction.ABOVE and further >= now:
        assert other.strange is Direction.ABOVE
    if found.strange is Direction.BELOW and further <= now:
        assert other.strange is Direction.BELOW


@unhurried
@given(counts, histories)
def test_whoever_is_more_sensitive_sees_at_least_as_much(now, past):
    seen = [
        verdict(now, past, sensitivity=each).strange is not None
        for each in (Sensitivity.LOW, Sensitivity.NORMAL, Sensitivity.HIGH)
    ]

    assert seen == sorted(seen)


@unhurried
@given(st.lists(st.integers(95, 105), min_size=5, max_size=5), st.lists(counts, min_size=3, max_size=3))
def test_three_odd_weeks_of_eight_do_not_become_what_is_usual(even, odd):
    found = verdict(100, [*even, *odd])

    assert 95 <= found.expected <= 105
    assert verdict(1_000, [*even, *odd]).strange is Direction.ABOVE


@unhurried
@given(counts, st.lists(st.integers(2_000, 9_000), min_size=4, max_size=8), st.integers(2, 50))
def test_larger_money_is_judged_like_smaller(now, past, times):
    """Where the scatter is that of the weeks and not that of chance."""
    small, large = verdict(now, past), verdict(now * times, [value * times for value in past])

    assert large.expected == pytest.approx(small.expected * times)
    assert large.high == pytest.approx(small.high * times)


@pytest.mark.parametrize("direction", Direction)
def test_only_the_asked_direction_is_strange(direction):
    high, low = (verdict(now, [100] * 8, direction=direction).strange for now in (500, 0))

    assert high == (None if direction == Direction.BELOW else Direction.ABOVE)
    assert low == (None if direction == Direction.ABOVE else Direction.BELOW)


def test_an_hour_that_runs_can_be_too_much_and_not_yet_too_little():
    assert verdict(0, [100] * 8, is_over=False).strange is None
    assert verdict(500, [100] * 8, is_over=False).strange is Direction.ABOVE
    assert verdict(Reading(10, 100), [Reading(98, 100)] * 8, is_over=False).strange is Direction.BELOW


def test_a_share_of_many_must_differ_less_than_one_of_few():
    past = [Reading(970, 1_000), Reading(960, 1_000), Reading(980, 1_000), Reading(970, 1_000)]

    assert verdict(Reading(17, 20), past, minimum=10).strange is None
    assert verdict(Reading(850, 1_000), past, minimum=10).strange is Direction.BELOW


def test_where_too_little_happens_nobody_can_tell():
    assert verdict(9, [1] * 8, minimum=10) is None
    assert verdict(0, [50] * 8, minimum=10).strange is Direction.BELOW, "what should be is enough"
    assert verdict(Reading(0, 5), [Reading(98, 100)] * 8, minimum=10) is None
    assert verdict(Reading(0, 50), [Reading(1, 1)] * 8, minimum=10) is None, "the weeks before say nothing"


def test_a_young_business_is_compared_with_its_days_and_before_that_not_at_all():
    days = {TODAY - timedelta(days=number): hours(100) for number in range(ENOUGH_DAYS + 1)}
    found = judge(days, day=TODAY, hour=HOUR, terms=terms())
    del days[TODAY - timedelta(days=1)]

    assert (found.reference, found.strange) == (Reference.DAYS, None)
    assert judge(days, day=TODAY, hour=HOUR, terms=terms()) is None
    assert judge(days, day=TODAY + timedelta(days=1), hour=HOUR, terms=terms()) is None, "not rolled up"


def test_with_weeks_enough_the_day_of_the_week_counts():
    """Every Friday is busy: busy is usual on a Friday, and strange on a Thursday."""
    readings = {
        TODAY - timedelta(days=number): hours(900 if number % 7 == 0 else 100) for number in range(DAYS * 4)
    }
    busy_thursday = {**readings, TODAY - timedelta(days=1): hours(900)}

    assert judge(readings, day=TODAY, hour=HOUR, terms=terms()).strange is None
    thursday = judge(busy_thursday, day=TODAY - timedelta(days=1), hour=HOUR, terms=terms())
    assert (thursday.reference, thursday.strange) == (Reference.WEEKS, Direction.ABOVE)
