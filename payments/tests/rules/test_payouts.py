"""From where own money goes back."""

import pytest

from payments.rules.payouts import spread


@pytest.mark.parametrize(
    ("amount", "over", "parts"),
    [
        (100, [(1, 100)], [(1, 100)]),
        (150, [(2, 100), (1, 100)], [(2, 100), (1, 50)]),
        (50, [(2, 0), (1, 100)], [(1, 50)]),  # the newest was refunded before
        (300, [(2, 100), (1, 100)], [(2, 100), (1, 100)]),  # the rest has no way back
        (0, [(1, 100)], []),
        (100, [], []),
    ],
)
def test_money_goes_back_to_the_newest_first_and_never_more_than_came(amount, over, parts):
    assert spread(amount, over) == parts
