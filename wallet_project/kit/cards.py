"""Bank card numbers, as far as they can be told by looking."""


def passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812: finds every single wrong digit and most swaps of two neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled // 10 + doubled % 10
    return total % 10 == 0
