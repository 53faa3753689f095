"""
Field encryption and blind indexes.

A sealed value is `suite(1) | key number(2) | nonce(12) | ciphertext and tag`, a blind index is
`suite(1) | key number(2) | keyed hash(16)`: both say with what they were made, so a new key writes while the
old ones still read. The associated data names the row, so a ciphertext copied to another row does not open.
"""

import hashlib
import os
import secrets

from cryptography.exceptions import InvalidTag
from django.conf import settings

from wallet_project.kit.ciphers import BY_MARK, SUITES, TAG, Suite

HEADER = 3  # suite and key number
_NONCE = 12
_OF_NO_RING = 0  # the number of a key that is not in the ring


class CannotOpen(Exception):
    """The value was not sealed for this row, or its key is gone."""


def seal(plain: str, *, belongs_to: str) -> bytes:
    """Encrypt with the ring's primary key; `belongs_to` is for example 'payments.shop_system.secret:<id>'."""
    number, key = _primary(settings.FIELD_KEYS)
    return _seal(plain, number=number, key=key, belongs_to=belongs_to)


def open_sealed(sealed: bytes | memoryview, *, belongs_to: str) -> str:
    """
    :raises CannotOpen: tampered, moved from another row, or sealed with a key we do not hold
    """
    sealed = bytes(sealed)
    key = settings.FIELD_KEYS.get(int.from_bytes(sealed[1:HEADER], "big"))
    if key is None:
        raise CannotOpen("sealed with a key that the ring does not hold")
    return _open(sealed, key=key, belongs_to=belongs_to)


def new_key() -> bytes:
    """32 random bytes: a data key, itself to be kept sealed."""
    return os.urandom(32)


def seal_with(key: bytes, plain: str, *, belongs_to: str) -> bytes:
    """Encrypt with a key of one's own instead of the ring's."""
    return _seal(plain, number=_OF_NO_RING, key=key, belongs_to=belongs_to)


def open_with(key: bytes, sealed: bytes | memoryview, *, belongs_to: str) -> str:
    """
    :raises CannotOpen: tampered, moved from another row, or sealed with another key
    """
    return _open(bytes(sealed), key=key, belongs_to=belongs_to)


def seal_header() -> bytes:
    """How everything begins that `seal` writes now; rotation looks for what begins otherwise."""
    number, _key = _primary(settings.FIELD_KEYS)
    return _header(_suite(), number)


def blind_index(value: str, *, purpose: str) -> bytes:
    """Nineteen bytes that find an encrypted value again without revealing it."""
    number, key = _primary(settings.INDEX_KEYS)
    return _index(value, purpose=purpose, suite=_suite(), number=number, key=key)


def blind_indexes(value: str, *, purpose: str) -> list[bytes]:
    """Every index by which the value may be stored, today's first: look-ups during a rotation ask for all."""
    today = _suite()
    suites = [today, *(suite for suite in SUITES.values() if suite is not today)]
    return [
        _index(value, purpose=purpose, suite=suite, number=number, key=key)
        for suite in suites
        for number, key in settings.INDEX_KEYS.items()
    ]


def index_header() -> bytes:
    """How every blind index begins that is written now."""
    number, _key = _primary(settings.INDEX_KEYS)
    return _header(_suite(), number)


def blind_lock(value: str, *, purpose: str) -> int:
    """
    A number to hold a value by while one looks for it and writes it (kit.db.lock_number).

    It comes from the oldest key of the ring, on which processes agree while the primary key changes.
    """
    number = min(settings.INDEX_KEYS)
    index = _index(
        value,
        purpose=purpose,
        suite=SUITES["aes-256-gcm"],
        number=number,
        key=settings.INDEX_KEYS[number],
    )
    return int.from_bytes(index[HEADER:][:8], "big", signed=True)


def new_token() -> str:
    """256 random bits, safe in a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What we store of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def _seal(plain: str, *, number: int, key: bytes, belongs_to: str) -> bytes:
    suite, nonce = _suite(), os.urandom(_NONCE)
    sealed = suite.encrypt(key=key, nonce=nonce, plain=plain.encode(), bound_to=belongs_to.encode())
    return _header(suite, number) + nonce + sealed


def _open(sealed: bytes, *, key: bytes, belongs_to: str) -> str:
    suite = BY_MARK.get(sealed[:1])
    if suite is None or len(sealed) < HEADER + _NONCE + TAG:
        raise CannotOpen("not a sealed value")
    nonce, rest = sealed[HEADER : HEADER + _NONCE], sealed[HEADER + _NONCE :]
    try:
        return suite.decrypt(key=key, nonce=nonce, sealed=rest, bound_to=belongs_to.encode()).decode()
    except InvalidTag:
        raise CannotOpen("sealed for another row or with another key, or tampered with") from None


def _index(value: str, *, purpose: str, suite: Suite, number: int, key: bytes) -> bytes:
    digest = suite.digest(key=key, message=f"{purpose}\0{value}".encode())
    return _header(suite, number) + digest[:16]


def _primary(ring: dict[int, bytes]) -> tuple[int, bytes]:
    return next(iter(ring.items()))


def _suite() -> Suite:
    return SUITES[settings.FIELD_CIPHER]


def _header(suite: Suite, number: int) -> bytes:
    return suite.mark + number.to_bytes(2, "big")
