"""Numbers that sort by time, cannot be guessed, and notice a slip of the finger."""

import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet_project.kit.serials import is_serial, made_at, new_serial

ALPHABET = string.digits + string.ascii_uppercase
AT = datetime(2026, 11, 21, 12, 15, 30, 123_456, tzinfo=UTC)


def test_a_number_says_what_it_numbers_and_when_in_shanghai():
    number = new_serial("P", AT)

    assert number.startswith("P261121201530123")
    assert len(number) == 29
    assert set(number) <= set(ALPHABET)  # as WeChat's out_trade_no wants it
    assert is_serial(number, "P")
    assert not is_serial(number, "R")


@given(st.timedeltas(timedelta(), timedelta(days=20_000)), st.sampled_from(["P", "RP"]))
def test_a_number_knows_its_moment_to_the_millisecond(later, prefix):
    at = AT + later

    assert made_at(new_serial(prefix, at)) == at.replace(microsecond=at.microsecond // 1000 * 1000)


@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=2, max_size=20, unique=True))
def test_numbers_sort_as_their_times_do(milliseconds):
    times = [AT + timedelta(milliseconds=ms) for ms in sorted(milliseconds)]
    numbers = [new_serial("P", at) for at in times]

    assert numbers == sorted(numbers)


def test_numbers_of_one_instant_differ():
    assert len({new_serial("P", AT) for _ in range(10_000)}) == 10_000


def test_every_single_wrong_character_is_found():
    number = new_serial("P", AT)

    for position, right in enumerate(number):
        for wrong in ALPHABET.replace(right, ""):
            assert not is_serial(number[:position] + wrong + number[position + 1 :], number[0])


def test_nearly_every_swap_of_neighbours_is_found():
    swaps = missed = 0
    for _ in range(500):
        number = new_serial("P", AT)
        for position in range(1, 28):
            left, right = number[position], number[position + 1]
            if left != right:
                swaps += 1
                missed += is_serial(number[:position] + right + left + number[position + 2 :], "P")

    assert missed / swaps < 1 / 200  # one in 600 is what ISO 7064 mod 37,36 promises


@pytest.mark.parametrize("text", ["", "P", "P" * 29, "Ｐ" * 29, "P\0" * 14 + "P", "P" * 1000])
def test_what_cannot_be_a_number_is_not_one(text):
    assert not is_serial(text, "P")


def test_small_letters_and_spaces_are_not_ours():
    number = new_serial("P", AT)

    assert not is_serial(number.lower(), "P")
    assert not is_serial(f" {number}", "P")
    assert not is_serial(f"{number}\n", "P")
