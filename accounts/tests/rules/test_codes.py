"""How long to wait for the next code."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.codes import seconds_to_wait

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CAPS = ((60, 1), (3600, 3))


@pytest.mark.parametrize(
    ("ages", "wait"),
    [
        ([], 0),
        ([0], 60),
        ([59], 1),
        ([60], 0),
        ([61, 200], 0),
        ([61, 200, 300], 3300),  # the third of the hour: until the first of them is an hour old
        ([61, 200, 3601], 0),
        ([10, 200, 300], 3300),  # both caps are full: the longer wait counts
    ],
)
def test_the_longest_wait_counts(ages, wait):
    sent = [NOW - timedelta(seconds=age) for age in ages]

    assert seconds_to_wait(CAPS, sent=sent, now=NOW) == wait
