"""Money is a whole number of fen. No floats, no decimals; a split never loses a fen."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NewType

Fen = NewType("Fen", int)

ZERO = Fen(0)
MAX_FEN = Fen(2**53 - 1)  # what a mini-program's JavaScript can still hold exactly

_YUAN = re.compile(r"(-?)([0-9]{1,14}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]{1,2}))?")


def yuan(amount: int) -> str:
    """1234567 → '12,345.67': how an amount is shown to people."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def in_yuan(amount: int) -> Decimal:
    """1234567 → Decimal('12345.67'): an amount for a spreadsheet, exactly."""
    return Decimal(amount).scaleb(-2)


def fen_from_yuan(text: str) -> Fen:
    """
    '12.3' → 1230 and '12,345.67' → 1234567, exactly, without passing through a float.

    :raises ValueError: not a plain decimal number with at most two places
    """
    found = _YUAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"not an amount in yuan: {text!r}")
    sign, whole, rest = found.groups()
    amount = int(whole.replace(",", "")) * 100 + int((rest or "").ljust(2, "0"))
    return Fen(-amount if sign else amount)


def share_out(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """
    Split by weight so that the parts add up to the total: share_out(100, [1, 1, 1]) → [33, 33, 34].

    Each part is the difference of two rounded-down running sums, so no part is off by a fen or more.

    :raises ValueError: a negative amount or weight, or no weight above zero
    """
    if total < 0 or any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError("share_out needs a total and weights of zero or more, and one weight above zero")
    whole, seen, given, parts = sum(weights), 0, 0, []
    for weight in weights:
        seen += weight
        upto = total * seen // whole
        parts.append(Fen(upto - given))
        given = upto
    return parts


def basis_points(amount: Fen, rate: int) -> Fen:
    """The share of an amount at `rate` hundredths of a percent, half a fen rounded up."""
    return Fen((amount * rate + 5_000) // 10_000)
