"""Five in a row lock a place for three hours, ten within a day end the PIN."""

from datetime import datetime, timedelta

import pytest

from accounts.rules.lockout import LOCK, Miss, lockout_of
from wallet_project.kit.clock import SHANGHAI

NOW = datetime(2026, 11, 21, 20, 15, tzinfo=SHANGHAI)


def misses(count, *, hours_ago=0.0, here=True, in_row=True, locks_until=None):
    at = NOW - timedelta(hours=hours_ago)
    return [Miss(at=at, is_here=here, is_in_row=in_row, locks_until=locks_until)] * count


@pytest.mark.parametrize(
    ("made", "left"),
    [
        ([], 5),
        (misses(1), 4),
        (misses(4), 1),
        (misses(4, hours_ago=100), 1),
        (misses(4, here=False), 5),
        (misses(8, in_row=False), 2),
        (misses(9, in_row=False, hours_ago=25), 5),
        (misses(8, here=False) + misses(1), 1),
    ],
)
def test_how_many_tries_are_left(made, left):
    lockout = lockout_of(made, at=NOW)

    assert (lockout.tries_left, lockout.locked_until, lockout.is_over) == (left, None, False)


def test_a_full_row_has_nothing_left():
    lockout = lockout_of(misses(5), at=NOW)

    assert (lockout.tries_left, lockout.is_row_full) == (0, True)


def test_a_lock_holds_until_its_time_and_only_in_its_place():
    until = NOW + LOCK
    locked = misses(5, in_row=False, locks_until=until)
    elsewhere = misses(5, in_row=False, locks_until=until, here=False)

    assert lockout_of(locked, at=NOW).locked_until == until
    assert lockout_of(locked, at=NOW).tries_left == 0
    assert lockout_of(locked, at=until).tries_left == 5
    assert lockout_of(elsewhere, at=NOW).tries_left == 5


def test_ten_within_a_day_are_the_end_wherever_they_were_made():
    tried = misses(5, in_row=False, hours_ago=23.9) + misses(5, here=False)

    assert lockout_of(tried, at=NOW).is_over
    assert not lockout_of(tried, at=NOW + timedelta(hours=1)).is_over
