"""What gives people away who invite each other only to be rewarded."""

import pytest

from coupons.rules.networks import network_around
from coupons.rules.rings import Circle, Sign, signs_of, suspicion_of

_LOOKED_AT = 60


@pytest.mark.parametrize(
    ("circle", "signs", "is_looked_at"),
    [
        (Circle(), [], False),
        (Circle(invited=30, idle=5), [], False),
        (Circle(on_device=1), [Sign.SAME_DEVICE], True),
        (Circle(invited=3, on_network=2), [], False),  # a family at home
        (Circle(invited=4, on_network=3), [Sign.SAME_NETWORK], False),
        (Circle(invited=10, idle=8), [Sign.STAR], False),
        (Circle(invited=10, idle=9, on_network=9), [Sign.SAME_NETWORK, Sign.STAR], True),
        (Circle(invited=4, closed=3), [Sign.CLOSED], True),
        (Circle(invited=20, closed=3), [], False),  # three friends of twenty
        (Circle(chain=3), [], False),
        (Circle(chain=4), [Sign.CHAIN], True),
    ],
)
def test_signs_of_a_ring(circle, signs, is_looked_at):
    assert signs_of(circle) == signs
    assert (suspicion_of(signs) >= _LOOKED_AT) == is_looked_at


def test_suspicion_ends_at_a_hundred():
    assert suspicion_of(list(Sign)) == 100


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_an_address_is_of_a_network(address, network):
    assert network_around(address) == network
