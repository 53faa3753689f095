from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.rules.calendars import (
    BusinessHours,
    SpecialPeriod,
    periods_from_text,
    periods_in_text,
    problem_with_year,
)
from wallet_project.kit.clock import SHANGHAI

NATIONAL_DAY = """\
国庆节 2026-09-20 班
国庆节 2026-10-01 2026-10-07 休
国庆节 2026-10-10 班
"""
OFFICE = BusinessHours(
    zone=SHANGHAI,
    weekdays=frozenset({1, 2, 3, 4, 5}),
    opens=time(9),
    closes=time(18),
    special={day: each.works for each in periods_from_text(NATIONAL_DAY) for day in each.days},
)
ALWAYS = BusinessHours(zone=SHANGHAI, weekdays=frozenset(range(1, 8)), opens=time(), closes=time())

moments = st.datetimes(
    datetime(2026, 9, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2026, 11, 1),  # noqa: DTZ001
    timezones=st.just(SHANGHAI),
)
spans = st.timedeltas(timedelta(minutes=1), timedelta(hours=90)).map(
    lambda span: timedelta(minutes=span // timedelta(minutes=1))
)
calendars = st.sampled_from([OFFICE, ALWAYS])


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@given(calendars, moments, spans)
def test_the_clock_rings_when_exactly_so_much_was_worked_and_not_before(hours, start, worked):
    rings = hours.after(start, worked)

    assert hours.worked_between(start, rings) == worked
    assert hours.worked_between(start, rings - timedelta(seconds=1)) < worked


@given(calendars, moments, spans, spans)
def test_what_is_worked_in_parts_is_worked_in_all(hours, start, one, other):
    middle, end = start + one, start + one + other

    whole = hours.worked_between(start, end)

    assert hours.worked_between(start, middle) + hours.worked_between(middle, end) == whole
    assert timedelta() <= whole <= end - start
    assert hours.after(hours.after(start, one), other) == hours.after(start, one + other)


@pytest.mark.parametrize(
    ("start", "worked_hours", "rings"),
    [
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # over seven days of holiday
        ("2026-10-09 17:00", 2, "2026-10-10 10:00"),  # into a Saturday that makes up for it
        ("2026-10-10 17:30", 1, "2026-10-12 09:30"),  # and over the Sunday
        ("2026-10-03 12:00", 9, "2026-10-08 18:00"),  # begun on a holiday, over at the end of a day
        ("2026-09-19 08:00", 1, "2026-09-20 10:00"),  # a Sunday at work
    ],
)
def test_holidays_are_no_work_and_their_make_up_days_are(start, worked_hours, rings):
    assert OFFICE.after(at(start), timedelta(hours=worked_hours)) == at(rings)


def test_round_the_clock_an_hour_is_an_hour():
    assert ALWAYS.after(at("2026-10-01 23:30"), timedelta(hours=24)) == at("2026-10-02 23:30")


def test_a_year_is_typed_in_line_by_line_and_read_back():
    periods = periods_from_text(NATIONAL_DAY)

    assert periods[1] == SpecialPeriod(
        name="国庆节", first_day=date(2026, 10, 1), last_day=date(2026, 10, 7), works=False
    )
    assert periods_in_text(periods) == NATIONAL_DAY.strip()
    assert problem_with_year(periods, year=2026) is None


@pytest.mark.parametrize(
    "line", ["国庆节", "国庆节 10-01 休", "国庆节 2026-02-30 休", "a 2026-10-01 2026-10-02 2026-10-03 休"]
)
def test_a_line_that_does_not_read_like_that_is_named(line):
    with pytest.raises(ValueError, match=line):
        periods_from_text(f"元旦 2026-01-01 休\n{line}")


@pytest.mark.parametrize(
    "text",
    [
        "国庆节 2026-10-07 2026-10-01 休",
        "国庆节 2026-10-01 休\n中秋节 2026-10-01 休",
        "国庆节 2025-10-01 休",
        "国庆节 2026-10-10 班",
        "",
    ],
)
def test_what_cannot_be_a_years_notice_is_refused(text):
    assert problem_with_year(periods_from_text(text), year=2026)
