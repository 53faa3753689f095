"""What everybody would try first is no PIN."""

from datetime import date

import pytest

from accounts.rules.pins import weakness_of


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "999999", "121212", "112112", "100001", "123123", "112233", "123321", "778877"),
        *("123456", "654321", "012345", "890123", "135791", "975319", "246802"),
        *("147258", "159357", "520131", "168168"),
        *("12345", "1234567", "12345a", "", "１２３４５７", "31884\n"),
    ],
)
def test_a_weak_pin_is_refused_with_a_reason(pin):
    assert weakness_of(pin)


@pytest.mark.parametrize("pin", ["318842", "705914", "290463", "861302"])
def test_a_good_pin_is_taken(pin):
    assert weakness_of(pin) is None


def test_parts_of_ones_phone_are_refused():
    assert weakness_of("138649", phone="13864925017")
    assert weakness_of("925017", phone="13864925017")
    assert weakness_of("925017", phone="13800138000") is None


@pytest.mark.parametrize("pin", ["870913", "130987", "091387", "198709", "091987", "198791"])
def test_ones_birthday_is_refused_however_it_is_written(pin):
    assert weakness_of(pin, birthday=date(1987, 9, 13))
    assert weakness_of(pin, birthday=date(1990, 12, 1)) is None
