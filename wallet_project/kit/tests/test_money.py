"""Money is a whole number of fen: nothing is lost in a split, and nothing is guessed when reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_project.kit.money import MAX_FEN, Fen, basis_points, fen_from_yuan, share_out, yuan

amounts = st.integers(min_value=0, max_value=MAX_FEN)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=50).filter(any)


@given(amount=st.integers(min_value=-MAX_FEN, max_value=MAX_FEN))
def test_what_is_shown_can_be_read_back(amount):
    assert fen_from_yuan(yuan(amount)) == amount
    assert fen_from_yuan(yuan(amount).replace(",", "")) == amount


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0.00"),
        (1, "0.01"),
        (-1, "-0.01"),
        (100, "1.00"),
        (1_234_567, "12,345.67"),
        (-100_000, "-1,000.00"),
    ],
)
def test_an_amount_is_shown_in_yuan(amount, shown):
    assert yuan(amount) == shown


@pytest.mark.parametrize(("text", "fen"), [("12.3", 1230), (" 7 ", 700), ("-0.05", -5), ("1,000", 100_000)])
def test_an_amount_in_yuan_is_read_exactly(text, fen):
    assert fen_from_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "1.",
        ".5",
        "1.234",
        "1e3",
        "+1",
        "0x10",
        "１２",
        "1_000",
        "1,2,3",
        ",1",
        "1,,000",
        "NaN",
        "1 2",
    ],
)
def test_what_is_not_plainly_an_amount_is_refused(text):
    with pytest.raises(ValueError, match="not an amount"):
        fen_from_yuan(text)


@given(total=amounts, weights=weights)
def test_a_split_loses_no_fen(total, weights):
    assert sum(share_out(Fen(total), weights)) == total


@given(total=amounts, weights=weights)
def test_no_part_of_a_split_is_off_by_a_fen_or_more(total, weights):
    whole = sum(weights)

    for part, weight in zip(share_out(Fen(total), weights), weights, strict=True):
        assert part >= 0
        assert abs(part * whole - total * weight) < whole


def test_the_rest_of_a_split_goes_to_a_later_part():
    assert share_out(Fen(100), [1, 1, 1]) == [33, 33, 34]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [1, -1, 1]), (1, [0, 0]), (1, [])])
def test_a_split_that_makes_no_sense_is_refused(total, weights):
    with pytest.raises(ValueError, match="share_out needs"):
        share_out(Fen(total), weights)


@given(amount=amounts, rate=st.integers(min_value=0, max_value=10_000))
def test_a_rate_is_rounded_to_the_nearest_fen(amount, rate):
    exact_times_ten_thousand = amount * rate

    assert abs(basis_points(Fen(amount), rate) * 10_000 - exact_times_ten_thousand) <= 5_000
    assert 0 <= basis_points(Fen(amount), rate) <= amount


def test_half_a_fen_is_rounded_up():
    assert basis_points(Fen(50), 100) == 1
    assert basis_points(Fen(49), 100) == 0
