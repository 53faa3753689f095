"""What is left of a purchase after a return, by which everything that rewards it goes."""

from fractions import Fraction

import pytest

from coupons.rules.purchases import left_of


@pytest.mark.parametrize(
    ("amount", "returned", "own", "returned_own", "own_left", "own_share", "share"),
    [
        (100, 0, 80, 0, 80, Fraction(1), Fraction(1)),
        (100, 25, 80, 20, 60, Fraction(3, 4), Fraction(3, 4)),
        (100, 40, 80, 0, 80, Fraction(1), Fraction(3, 5)),
        (100, 20, 80, 20, 60, Fraction(3, 4), Fraction(3, 4)),
        (100, 50, 0, 0, 0, Fraction(1), Fraction(1, 2)),
        (100, 100, 80, 80, 0, Fraction(0), Fraction(0)),
    ],
)
def test_the_smaller_share_of_all_and_of_ones_own_is_left(
    amount, returned, own, returned_own, own_left, own_share, share
):
    left = left_of(amount=amount, returned=returned, own=own, returned_own=returned_own)

    assert (left.own, left.own_share, left.share) == (own_left, own_share, share)
