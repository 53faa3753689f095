"""
Numbers for orders, payments, refunds: sortable by time, unguessable, checkable.

    P 261121201530123 7Q4K0M2Z9XWD 2
    │ │               │            └ check character (ISO 7064 mod 37,36 over all before it)
    │ │               └ 60 random bits in Crockford's alphabet
    │ └ Shanghai time to the millisecond
    └ what it numbers

29 characters of [0-9A-Z]: WeChat's out_trade_no and out_bill_no both accept it. The check character finds
every single wrong character, and all but one in six hundred swaps of two neighbours.
"""

import secrets
from datetime import datetime

from wallet_project.kit import clock

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKABLE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def new_serial(prefix: str, at: datetime | None = None) -> str:
    moment = (at or clock.now()).astimezone(clock.SHANGHAI)
    stamp = moment.strftime("%y%m%d%H%M%S") + f"{moment.microsecond // 1000:03d}"
    noise = "".join(_CROCKFORD[byte % 32] for byte in secrets.token_bytes(12))
    body = f"{prefix}{stamp}{noise}"
    return body + _check_character(body)


def made_at(serial: str) -> datetime:
    """The moment a number of ours was made for, to the millisecond."""
    stamp = datetime.strptime(f"20{serial[-28:-13]}", "%Y%m%d%H%M%S%f")  # noqa: DTZ007 - it has no zone
    return stamp.replace(tzinfo=clock.SHANGHAI)


def is_serial(text: str, prefix: str) -> bool:
    """Whether a number could be ours: tells a typing error from a missing row without asking the database."""
    return (
        len(text) == len(prefix) + 28
        and text.startswith(prefix)
        and all(character in _CHECKABLE for character in text)
        and text[-1] == _check_character(text[:-1])
    )


def _check_character(body: str) -> str:
    check = 36
    for character in body:
        check = (check + _CHECKABLE.index(character)) % 36 or 36
        check = check * 2 % 37
    return _CHECKABLE[(37 - check) % 36]
