"""A fee is never negative, within its bounds, explained to the fen, and free where it is said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.rules.fees import Fee, FeeTerms, FreeQuota, fee_of, is_dearer

AMOUNTS = st.integers(1, 10_000_000)
FEN = st.integers(0, 100_000)
QUOTAS = st.builds(FreeQuota, moves=st.integers(0, 5), amount=st.integers(0, 1_000_000))
NOTHING_FREE = FreeQuota()
WITHDRAWAL = FeeTerms(rate=10, least=10, most=25_00, free=FreeQuota(amount=1_000_00))


@st.composite
def terms(draw):
    least = draw(FEN)
    return FeeTerms(
        flat=draw(FEN),
        rate=draw(st.integers(0, 10_000)),
        least=least,
        most=draw(st.none() | st.integers(least, 200_000)),
        free=draw(QUOTAS),
    )


@pytest.mark.parametrize(
    ("amount", "left", "fee"),
    [
        (1_500_00, 1_000_00, 50),  # 0.1 % of the ¥500 that are not free
        (1_000_00, 1_000_00, 0),
        (1_000_01, 1_000_00, 10),  # one fen that is not free pays the least
        (1, 0, 10),
        (100_00, 0, 10),
        (100_49, 0, 10),
        (104_99, 0, 10),
        (105_00, 0, 11),  # half a fen is rounded up
        (25_000_00, 0, 25_00),
        (9_999_999_99, 0, 25_00),
    ],
)
def test_a_withdrawal_costs(amount, left, fee):
    assert fee_of(amount, WITHDRAWAL, left=FreeQuota(amount=left)).amount == fee


def test_a_breakdown_tells_how_it_came_about():
    assert fee_of(1_500_00, WITHDRAWAL, left=FreeQuota(amount=1_000_00)) == Fee(
        amount=50,
        uses=FreeQuota(amount=1_000_00),
        lines=(
            {"line": "free_amount", "amount": 0, "of": 1_000_00},
            {"line": "rate", "amount": 50, "of": 500_00, "rate": 10},
        ),
    )
    assert [line["line"] for line in fee_of(1, WITHDRAWAL, left=NOTHING_FREE).lines] == ["rate", "least"]
    assert fee_of(100_000_00, WITHDRAWAL, left=NOTHING_FREE).lines[-1] == {
        "line": "most",
        "amount": -75_00,
        "most": 25_00,
    }


def test_a_free_move_comes_before_the_free_amount():
    both = FreeQuota(moves=1, amount=1_000_00)

    fee = fee_of(9_999_00, FeeTerms(flat=2_00, free=both), left=both)

    assert (fee.amount, fee.uses) == (0, FreeQuota(moves=1))


@pytest.mark.parametrize("nothing", [FeeTerms(), FeeTerms(rate=10, most=0), FeeTerms(free=WITHDRAWAL.free)])
def test_what_costs_nothing_uses_nothing(nothing):
    assert fee_of(500_00, nothing, left=nothing.free) == Fee()
    assert not nothing.has_quota


@given(AMOUNTS, terms(), QUOTAS)
def test_a_fee_is_within_its_bounds_or_nothing(amount, asked, left):
    fee = fee_of(amount, asked, left=left)

    assert fee.amount >= 0
    if fee.amount:
        assert asked.least <= fee.amount <= (fee.amount if asked.most is None else asked.most)
        assert fee.amount <= max(asked.flat + amount, asked.least)


@given(AMOUNTS, terms(), QUOTAS)
def test_the_lines_add_up_to_the_fee(amount, asked, left):
    fee = fee_of(amount, asked, left=left)

    assert sum(line["amount"] for line in fee.lines) == fee.amount
    covered = sum(line["of"] for line in fee.lines if line["line"] == "free_amount")
    assert covered == fee.uses.amount


@given(AMOUNTS, terms(), QUOTAS)
def test_the_quota_is_used_exactly(amount, asked, left):
    uses = fee_of(amount, asked, left=left).uses

    if asked.is_free:
        assert uses == NOTHING_FREE
    elif left.moves:
        assert uses == FreeQuota(moves=1)
    else:
        assert uses == FreeQuota(amount=min(amount, left.amount))
    assert left.without(uses) == FreeQuota(moves=left.moves - uses.moves, amount=left.amount - uses.amount)


@given(AMOUNTS, AMOUNTS, terms(), QUOTAS)
def test_more_money_never_costs_less(one, other, asked, left):
    fees = [fee_of(amount, asked, left=left).amount for amount in sorted((one, other))]

    assert fees == sorted(fees)


@given(AMOUNTS, terms(), QUOTAS, QUOTAS)
def test_more_quota_never_costs_more(amount, asked, left, more):
    together = FreeQuota(moves=left.moves + more.moves, amount=left.amount + more.amount)

    assert fee_of(amount, asked, left=together).amount <= fee_of(amount, asked, left=left).amount


@given(terms(), terms(), AMOUNTS, QUOTAS)
def test_what_is_not_dearer_costs_nobody_more(before, after, amount, used):
    if not is_dearer(after, before):
        new, old = (fee_of(amount, each, left=each.free.without(used)) for each in (after, before))
        assert new.amount <= old.amount or before.is_free


@given(terms())
def test_the_same_again_is_not_dearer(asked):
    assert not is_dearer(asked, asked)


@pytest.mark.parametrize(
    "change",
    [
        {"flat": 1},
        {"rate": 11},
        {"least": 11},
        {"most": 25_01},
        {"most": None},
        {"free": FreeQuota(amount=999_99)},
    ],
)
def test_what_takes_more_in_one_respect_is_dearer(change):
    now = {"rate": 10, "least": 10, "most": 25_00, "free": FreeQuota(amount=1_000_00)}

    assert is_dearer(FeeTerms(**{**now, **change}), FeeTerms(**now))
    assert is_dearer(FeeTerms(**now), FeeTerms())
    assert not is_dearer(FeeTerms(), FeeTerms(**now))
