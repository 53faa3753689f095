import pytest

from wallet_project.kit.cards import passes_luhn

GOOD = ["6225750000000006", "4096650000000009", "378282246310005", "6011111111111117"]


@pytest.mark.parametrize("number", GOOD)
def test_a_card_number_passes(number):
    assert passes_luhn(number)


@pytest.mark.parametrize("number", GOOD)
def test_no_single_wrong_digit_does(number):
    for place, digit in enumerate(number):
        for other in set("0123456789") - {digit}:
            assert not passes_luhn(number[:place] + other + number[place + 1 :])
