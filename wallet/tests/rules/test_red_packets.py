"""Shares of a red packet: exact, never nothing, within bounds, and fair."""

import random
import statistics
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallet.errors import RedPacketImpossible
from wallet.rules.red_packets import SHARES_MOST, PacketKind, require_possible, shares_of

MOST = 200_00
DRAWN = 6_000


def drawn(amount, count, *, share_max=MOST, seed=1):
    return shares_of(
        kind=PacketKind.LUCKY, amount=amount, count=count, share_max=share_max, chance=random.Random(seed)
    )


@st.composite
def lucky_packets(draw):
    """Any packet that can be sent, the tightest ones included."""
    count, share_max = draw(st.integers(1, SHARES_MOST)), draw(st.integers(1, MOST))
    ends = st.sampled_from([count, count + 1, count * share_max - 1, count * share_max])
    amount = draw(st.integers(count, count * share_max) | ends)
    return min(max(amount, count), count * share_max), count, share_max, draw(st.integers())


@settings(max_examples=400, deadline=None)
@given(lucky_packets())
def test_lucky_shares_add_up_and_nobody_gets_nothing_or_too_much(packet):
    amount, count, share_max, seed = packet

    shares = drawn(amount, count, share_max=share_max, seed=seed)

    assert len(shares) == count
    assert sum(shares) == amount
    assert min(shares) >= 1
    assert max(shares) <= share_max
    assert {type(share) for share in shares} == {int}


@settings(max_examples=200, deadline=None)
@given(st.integers(1, SHARES_MOST), st.integers(1, MOST))
def test_fixed_shares_are_all_the_same(count, each):
    shares = shares_of(
        kind=PacketKind.FIXED, amount=each * count, count=count, share_max=MOST, chance=random.Random(1)
    )

    assert shares == [each] * count


@pytest.mark.parametrize(
    ("kind", "amount", "count", "reason"),
    [
        ("lucky", 9, 10, "SHARE_TOO_SMALL"),
        ("fixed", 9, 10, "SHARE_TOO_SMALL"),
        ("lucky", 10 * MOST + 1, 10, "SHARE_TOO_LARGE"),
        ("fixed", MOST + 1, 1, "SHARE_TOO_LARGE"),
        ("fixed", 100, 3, "UNEVEN"),
    ],
)
def test_what_cannot_be_shared_out_is_refused_with_the_bounds(kind, amount, count, reason):
    with pytest.raises(RedPacketImpossible) as refused:
        shares_of(kind=kind, amount=amount, count=count, share_max=MOST, chance=random.Random(1))

    assert refused.value.detail == {"reason": reason, "least": count, "most": count * MOST}


def test_the_bounds_themselves_are_possible():
    for kind in PacketKind:
        require_possible(kind=kind, amount=10, count=10, share_max=MOST)
        require_possible(kind=kind, amount=10 * MOST, count=10, share_max=MOST)
    assert drawn(10, 10) == [1] * 10
    assert drawn(10 * MOST, 10) == [MOST] * 10


@pytest.fixture(scope="module")
def many():
    """¥10.00 for ten, drawn again and again by one seeded die."""
    die = random.Random(20261128)
    return [
        shares_of(kind=PacketKind.LUCKY, amount=1_000, count=10, share_max=MOST, chance=die)
        for _ in range(DRAWN)
    ]


def test_whoever_comes_first_gets_as_much_as_whoever_comes_last(many):
    for place in zip(*many, strict=True):
        error = statistics.stdev(place) / DRAWN**0.5
        assert abs(statistics.mean(place) - 100) < 4 * error


def test_every_place_swings_as_widely_as_any_other(many):
    spreads = [statistics.stdev(place) for place in zip(*many, strict=True)]

    assert max(spreads) / min(spreads) < 1.08  # without shuffling the last swing a third wider


def test_every_place_is_the_luckiest_equally_often(many):
    luckiest = Counter(shares.index(max(shares)) for shares in many if shares.count(max(shares)) == 1)

    expected = sum(luckiest.values()) / 10
    chi_square = sum((luckiest[place] - expected) ** 2 / expected for place in range(10))
    assert chi_square < 27.9  # one in a thousand, with nine degrees of freedom


def test_most_people_are_not_disappointed(many):
    everybody = sorted(share for shares in many for share in shares)

    assert everybody[len(everybody) // 2] > 80
    assert max(everybody) > 200
