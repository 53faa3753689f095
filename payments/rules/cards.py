"""What a bank card's number looks like when somebody has typed it."""

import re

from wallet_project.kit.cards import passes_luhn

_GROUPING = str.maketrans("", "", " -\u3000")
_DIGITS = re.compile(r"[0-9]{13,19}")


class NotACardNumber(ValueError):
    """Nobody's card has this number; it is not repeated here."""


def normalise_card_number(text: str) -> str:
    """
    Digits alone, whose check digit is right: '6225 7500 0000 0006' → '6225750000000006'.

    :raises NotACardNumber: too short, too long, not digits, or mistyped
    """
    number = text.translate(_GROUPING)
    if not _DIGITS.fullmatch(number) or not passes_luhn(number):
        raise NotACardNumber
    return number
