"""How a code reads: 7Q4K-0M2Z-9XWD. What people mistake for each other is the same letter."""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_LENGTH = 12


def new_code() -> str:
    """60 random bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def in_groups(code: str) -> str:
    """As it is printed."""
    return "-".join(code[place : place + 4] for place in range(0, _LENGTH, 4))


def as_meant(text: str) -> str | None:
    """The code that somebody typed, or None: it is none of ours."""
    code = text.upper().translate(_MEANT)
    return code if len(code) == _LENGTH and set(code) <= set(_ALPHABET) else None
