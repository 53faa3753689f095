"""To where own money goes back."""

import pytest

from payments.rules.payouts import Source, spread


@pytest.mark.parametrize(
    ("amount", "over", "parts"),
    [
        (100, [(1, 100)], [(1, 100)]),
        (150, [(1, 100), (2, 100)], [(1, 100), (2, 50)]),
        (50, [(1, 0), (2, 100)], [(2, 50)]),  # the oldest was refunded before
        (300, [(1, 100), (2, 100)], [(1, 100), (2, 100)]),  # the rest has no way back
        (0, [(1, 100)], []),
        (100, [], []),
    ],
)
def test_money_goes_back_in_order_and_never_more_than_came(amount, over, parts):
    sources = [Source(payment_id=number, lot_id=number, left=left) for number, left in over]

    assert [(source.payment_id, part) for source, part in spread(amount, sources)] == parts
