"""
The keys that prove who speaks: ours to sign with, WeChat's to verify with.

WeChat signs with its public key (`PUB_KEY_ID_…`) or with platform certificates that change every few years;
during a switch both are in use (WeChat Pay v3 doc 4012925289). We hold all of them by serial number: the
public key and every certificate in the folder WECHAT["platform_certs"]. A file put there, by hand or by
`refresh_certificates`, is in use with the next message. A serial we do not hold is never fetched because
somebody sent it to us.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from payments.gateways.wechat.signing import open_resource

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class PlatformKey:
    serial: str
    key: RSAPublicKey
    not_before: datetime | None = None
    not_after: datetime | None = None

    def is_valid_at(self, moment: datetime) -> bool:
        return not (
            (self.not_before and moment < self.not_before) or (self.not_after and moment > self.not_after)
        )


def merchant_key() -> RSAPrivateKey:
    """The private key we sign with, parsed once per process."""
    return _read_private_key(settings.WECHAT["merchant_private_key"])


def platform_key(serial: str, *, now: datetime) -> RSAPublicKey | None:
    """The key that goes by this serial number, if we hold it and it is in force."""
    found = next((each for each in held_keys() if each.serial == serial), None)
    return found.key if found and found.is_valid_at(now) else None


def preferred_key(*, now: datetime) -> PlatformKey | None:
    """
    The key we ask WeChat to answer with, and encrypt for: its public key if we have one, else that of the
    newest certificate.
    """
    in_force = [each for each in held_keys() if each.is_valid_at(now)]
    public = next((each for each in in_force if each.not_after is None), None)
    return public or max(in_force, key=lambda each: each.not_after or now, default=None)


def preferred_serial(*, now: datetime) -> str | None:
    """What `preferred_key` goes by."""
    preferred = preferred_key(now=now)
    return preferred.serial if preferred else None


def open_sealed(sealed: Mapping[str, Any]) -> bytes:
    """
    What WeChat sealed with our APIv3 key, or with the other one while it is being changed.

    :raises ValueError: neither opens it
    :raises KeyError, TypeError, AttributeError: it is not what WeChat seals
    """
    what = {
        "nonce": sealed["nonce"],
        "associated_data": sealed.get("associated_data") or "",
        "ciphertext": sealed["ciphertext"],
    }
    try:
        return open_resource(key=settings.WECHAT["apiv3_key"].encode(), **what)
    except ValueError:
        if not settings.WECHAT["apiv3_other_key"]:
            raise
        return open_resource(key=settings.WECHAT["apiv3_other_key"].encode(), **what)


def read_certificate(pem: bytes) -> PlatformKey:
    """
    :raises ValueError: not an RSA certificate in PEM
    """
    certificate = x509.load_pem_x509_certificate(pem)
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA certificate")
    return PlatformKey(
        serial=f"{certificate.serial_number:040X}",
        key=key,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def keep_certificate(pem: bytes) -> bool:
    """Put a certificate into the folder, whole or not at all; whether it was new."""
    folder = settings.WECHAT["platform_certs"]
    path = folder / f"{read_certificate(pem).serial}.pem"
    if path.exists():
        return False
    draft = path.with_suffix(".new")
    draft.write_bytes(pem)
    draft.replace(path)
    return True


def held_keys() -> Iterator[PlatformKey]:
    """Every key of WeChat's that we hold, in force or not."""
    public_key, folder = settings.WECHAT["public_key"], settings.WECHAT["platform_certs"]
    if public_key:
        yield PlatformKey(serial=settings.WECHAT["public_key_id"], key=_read_public_key(public_key))
    for path in folder.glob("*.pem") if folder else ():
        try:
            yield _read_platform_certificate(path, path.stat().st_mtime_ns)
        except (OSError, ValueError):
            # One spoilt file must not stop the payments that the other keys prove.
            logger.exception("payments.wechat.certificate_unreadable", extra={"file": path.name})


@lru_cache(maxsize=64)
def _read_platform_certificate(path: Path, _written_at: int) -> PlatformKey:
    return read_certificate(path.read_bytes())


@lru_cache(maxsize=4)
def _read_public_key(path: Path) -> RSAPublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, RSAPublicKey):
        raise ImproperlyConfigured(f"WECHAT_PUBLIC_KEY must be an RSA public key: {path}")
    return key


@lru_cache(maxsize=4)
def _read_private_key(path: Path | None) -> RSAPrivateKey:
    if path is None:
        raise ImproperlyConfigured("WECHAT_MERCHANT_PRIVATE_KEY is not set")
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ImproperlyConfigured(f"WECHAT_MERCHANT_PRIVATE_KEY must be an RSA private key: {path}")
    return key
