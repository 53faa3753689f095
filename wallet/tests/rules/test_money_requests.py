"""When asking becomes nagging."""

from datetime import UTC, datetime, timedelta

import pytest

from wallet.rules.money_requests import Asked, RequestCaps, cap_reached, may_remind

CAPS = RequestCaps(open_at_once=5, a_day=4, a_day_from_one=2)
NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ((0, 0, 0), None),
        ((4, 3, 1), None),
        ((5, 3, 1), "OPEN_AT_ONCE"),
        ((4, 4, 1), "A_DAY"),
        ((4, 3, 2), "A_DAY_FROM_ONE"),
        ((9, 9, 9), "A_DAY_FROM_ONE"),
    ],
)
def test_asking_has_its_bounds(asked, reached):
    open_now, today, from_one = asked

    assert cap_reached(Asked(open_now=open_now, today=today, today_from_one=from_one), caps=CAPS) == reached


@pytest.mark.parametrize(
    ("reminded_at", "at", "may"),
    [
        (None, NOW + DAY - TICK, False),
        (None, NOW + DAY, True),
        (NOW + DAY, NOW + DAY * 2 - TICK, False),
        (NOW + DAY, NOW + DAY * 2, True),
    ],
)
def test_one_asks_again_once_a_day(reminded_at, at, may):
    assert may_remind(asked_at=NOW, reminded_at=reminded_at, at=at) is may
