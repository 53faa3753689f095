"""Numbers of ID cards, as GB 11643-1999 makes them."""

from datetime import date

import pytest

from accounts.rules.id_cards import (
    NotAnIdNumber,
    age_on,
    birthday_of,
    latest_end,
    normalise_id_number,
    turns,
)
from accounts.tests.factories import id_number_born

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "written",
    ["11010519491231002X", "11010519491231002x", " 110105 19491231 002x ", "１１０１０５19491231002X"],
)
def test_one_number_has_one_spelling(written):
    assert normalise_id_number(written, today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "110105194912310021",  # the check character
        "11010519491231002",  # the first generation had fifteen digits, none has seventeen
        "11010519491331002X",
        "110105194902300029",
        "11010518491231002X",
        "A10105194912310029",
        pytest.param(id_number_born(date(2026, 11, 23)), id="born tomorrow"),
    ],
)
def test_what_nobody_can_have_is_refused(wrong):
    with pytest.raises(NotAnIdNumber):
        normalise_id_number(wrong, today=TODAY)


def test_every_single_wrong_digit_is_found():
    right = "11010519491231002X"
    for place in range(17):
        for digit in set("0123456789") - {right[place]}:
            with pytest.raises(NotAnIdNumber):
                normalise_id_number(right[:place] + digit + right[place + 1 :], today=TODAY)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 22), date(2026, 11, 21), 17),
        (date(2008, 11, 22), date(2026, 11, 22), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_an_age_changes_on_the_birthday(born, day, age):
    assert age_on(day, birthday=born) == age
    assert birthday_of(id_number_born(born)) == born
    assert age_on(turns(born, age), birthday=born) == age


@pytest.mark.parametrize(
    ("born", "latest"),
    [
        (date(2011, 1, 1), date(2031, 11, 22)),
        (date(2005, 1, 1), date(2036, 11, 22)),
        (date(1990, 1, 1), date(2046, 11, 22)),
        (date(1980, 1, 1), None),
    ],
)
def test_a_card_lasts_longer_the_older_its_holder(born, latest):
    assert latest_end(born, issued_by=TODAY) == latest
