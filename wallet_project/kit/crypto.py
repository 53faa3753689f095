"""
Field encryption and blind indexes.

A sealed value is `algorithm(1) | key number(2) | nonce(12) | ciphertext and tag`; the associated data names
the row it belongs to, so a ciphertext copied to another row does not open.
"""

import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_AES_256_GCM = b"\x01"
_SHORTEST = 1 + 2 + 12 + 16  # nothing in it but the tag


class CannotOpen(Exception):
    """The value was not sealed for this row, or its key is gone."""


def seal(plain: str, *, belongs_to: str) -> bytes:
    """Encrypt with the primary key; `belongs_to` is for example 'accounts.user.phone:<uid>'."""
    number, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), belongs_to.encode())
    return _AES_256_GCM + number.to_bytes(2, "big") + nonce + sealed


def open_sealed(sealed: bytes, *, belongs_to: str) -> str:
    """
    :raises CannotOpen: tampered, moved from another row, or sealed with a key we do not hold
    """
    sealed = bytes(sealed)
    if len(sealed) < _SHORTEST:
        raise CannotOpen("too short to be a sealed value")
    key = settings.FIELD_KEYS.get(int.from_bytes(sealed[1:3], "big"))
    if sealed[:1] != _AES_256_GCM or key is None:
        raise CannotOpen("unknown algorithm or key")
    try:
        return AESGCM(key).decrypt(sealed[3:15], sealed[15:], belongs_to.encode()).decode()
    except InvalidTag:
        raise CannotOpen("sealed for another row, or tampered with") from None


def blind_index(value: str, *, purpose: str) -> bytes:
    """Sixteen bytes that find an encrypted value again without revealing it."""
    message = f"{purpose}\0{value}".encode()
    return hmac.new(settings.INDEX_KEY, message, hashlib.sha256).digest()[:16]


def new_token() -> str:
    """256 random bits, safe in a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What we store of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
