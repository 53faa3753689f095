"""Days and months are Shanghai's, wherever the server stands."""

from datetime import UTC, date, datetime

import pytest

from wallet_project.kit import clock


@pytest.mark.parametrize(
    ("moment", "day", "month"),
    [
        (datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), date(2026, 11, 30), "2026-11"),
        (datetime(2026, 11, 30, 16, 0, 0, tzinfo=UTC), date(2026, 12, 1), "2026-12"),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), date(2027, 1, 1), "2027-01"),
    ],
)
def test_the_business_day_changes_at_midnight_in_shanghai(moment, day, month):
    assert clock.business_day(moment) == day
    assert clock.business_month(moment) == month


@pytest.mark.parametrize(
    ("month", "begins", "ends"),
    [
        ("2026-11", datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)),
        ("2026-12", datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)),
        ("2028-02", datetime(2028, 1, 31, 16, tzinfo=UTC), datetime(2028, 2, 29, 16, tzinfo=UTC)),
    ],
)
def test_a_month_has_borders(month, begins, ends):
    assert clock.borders_of(month) == (begins, ends)
    assert clock.business_month(begins) == month != clock.business_month(ends)


def test_an_instant_is_written_in_shanghai_time_to_the_second():
    moment = datetime(2026, 11, 21, 12, 15, 30, 999_999, tzinfo=UTC)

    assert clock.iso(moment) == "2026-11-21T20:15:30+08:00"
    assert clock.in_words(moment) == "2026-11-21 20:15:30"


def test_now_knows_its_zone():
    assert clock.now().utcoffset() is not None
