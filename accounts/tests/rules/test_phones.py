"""One number has one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.phones import NotAPhone, normalise_phone


@pytest.mark.parametrize(
    "spelling",
    [
        "13800138000",
        "+8613800138000",
        "008613800138000",
        "8613800138000",
        " 138 0013-8000 ",
        "１３８００１３８０００",
        "+86 138 0013 8000",
    ],
)
def test_every_spelling_of_a_mainland_mobile_is_the_same_number(spelling):
    assert normalise_phone(spelling) == "13800138000"


@pytest.mark.parametrize("spelling", ["+852 5123 4567", "+85251234567", "＋８５２５１２３４５６７"])
def test_numbers_from_abroad_keep_their_country(spelling):
    assert normalise_phone(spelling) == "+85251234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12800138000",  # no mobile begins with 12
        "1380013800",
        "138001380000",
        "+86075512345678",  # a landline cannot receive a code
        "+0123456789",
        "0085251234567",
        "1380013800a",
        "13800138000\n13800138001",
        "१३८००१३८०००",
        "٠١٣٨٠٠١٣٨٠٠",
    ],
)
def test_what_is_no_phone_is_refused(text):
    with pytest.raises(NotAPhone):
        normalise_phone(text)


@given(st.text(max_size=20))
def test_a_normalised_number_stays_as_it_is(text):
    try:
        number = normalise_phone(text)
    except NotAPhone:
        return
    assert normalise_phone(number) == number


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "86", "0086"]))
def test_two_different_mainland_numbers_never_become_one(number, prefix):
    assert normalise_phone(prefix + number) == number
