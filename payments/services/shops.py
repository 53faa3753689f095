"""Who speaks for the merchant's shop system: signed requests, each good once."""

import hashlib
import hmac
import re
from datetime import timedelta

from django.db import IntegrityError, transaction

from payments.errors import InvalidShopSignature, ReplayedShopRequest
from payments.models import ShopNonce, ShopSystem
from wallet_project.kit import clock, crypto

WINDOW = timedelta(seconds=300)

_NONCE = re.compile(r"[0-9A-Za-z_\-]{16,64}")


def signing_text(*, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """
    What a shop signs with HMAC-SHA-256: five lines, each ended by a newline.

    `target` is the path with its query string, as sent.
    """
    return f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def sign(*, secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def authenticate_shop(
    *, key_id: str, timestamp: str, nonce: str, signature: str, method: str, target: str, body: bytes
) -> ShopSystem:
    """
    The shop system that signed this request.

    :raises InvalidShopSignature: unknown key, wrong signature, or outside five minutes; `reason` says which
    :raises ReplayedShopRequest: this nonce was used before
    """
    now = clock.now()
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 11:
        raise InvalidShopSignature(reason="timestamp")
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise InvalidShopSignature(reason="timestamp")
    if not _NONCE.fullmatch(nonce):
        raise InvalidShopSignature(reason="nonce")
    shop = ShopSystem.objects.filter(key_id=key_id, is_active=True).first()
    # An unknown key costs the same work as a wrong signature, and is told the same.
    secret = shop.secret if shop else crypto.new_token()
    text = signing_text(method=method, target=target, timestamp=timestamp, nonce=nonce, body=body)
    if not hmac.compare_digest(sign(secret=secret, text=text).encode(), signature.encode()) or shop is None:
        raise InvalidShopSignature(reason="signature")
    try:
        with transaction.atomic():
            ShopNonce.objects.create(shop=shop, nonce=nonce, used_at=now)
    except IntegrityError:
        raise ReplayedShopRequest from None
    return shop


def create_shop_system(*, key_id: str, name: str) -> tuple[ShopSystem, str]:
    """A new shop system and its secret, which is shown this once."""
    secret = crypto.new_token()
    shop = ShopSystem(key_id=key_id, name=name)
    shop.set_secret(secret)
    shop.save(force_insert=True)
    return shop, secret
