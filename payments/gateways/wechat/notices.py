"""Verify and open a callback."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from payments.gateways.wechat.errors import CannotDecrypt, InvalidSignature
from payments.gateways.wechat.keys import open_sealed
from payments.gateways.wechat.messages import (
    Notice,
    complaint_id_of,
    json_object,
    refund_notice,
    transaction_notice,
    transfer_notice,
)
from payments.gateways.wechat.verification import verify

__all__ = [
    "MOST_BYTES",
    "complaint_id_of",
    "notice_id_of",
    "open_notice",
    "read_notice",
    "refund_notice",
    "transaction_notice",
    "transfer_notice",
]

MOST_BYTES = 64 * 1024  # real ones have about one kilobyte


def open_notice(*, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
    """
    The content of a callback, once it is proven to come from WeChat (WeChat Pay v3 doc 4012791861).

    Nothing is parsed, decrypted or fetched before the signature over the raw bytes fits.

    :raises InvalidSignature: not proven: answer 4xx, WeChat repeats the genuine ones
    :raises CannotDecrypt: proven, yet it does not open: answer 5xx and look at the APIv3 key
    """
    if len(body) > MOST_BYTES:
        raise InvalidSignature("longer than any callback")
    verify(headers=headers.items(), body=body, now=now)
    return read_notice(body=body)


def read_notice(*, body: bytes) -> Notice:
    """
    Open a callback that was proven before, such as one we stored.

    :raises CannotDecrypt: it does not open: look at the APIv3 key
    """
    try:
        raw = json_object(body)
        sealed = raw["resource"]
        if sealed["algorithm"] != "AEAD_AES_256_GCM":
            raise ValueError("unknown algorithm")
        plain = open_sealed(sealed)
        return Notice(
            id=_text(raw, "id"),
            event_type=_text(raw, "event_type"),
            summary=str(raw.get("summary", "")),
            original_type=_text(sealed, "original_type"),
            resource=json_object(plain),
            raw=raw,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotDecrypt(f"{type(error).__name__}: {error}") from error


def notice_id_of(body: bytes) -> str:
    """The id of a proven callback that does not open, or a digest of it when even that cannot be read."""
    try:
        return _text(json_object(body), "id")[:64]
    except (ValueError, KeyError):
        return hashlib.sha256(body).hexdigest()


def _text(source: Mapping[str, Any], name: str) -> str:
    value = source[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is no text")
    return value
