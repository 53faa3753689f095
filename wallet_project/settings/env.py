"""Typed reads of environment variables; every failure names the variable and says what it should hold."""

import base64
import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import Env

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_env = Env()
if (BASE_DIR / ".env").is_file():
    Env.read_env(BASE_DIR / ".env")


class Required:
    """Marks a variable that has no default."""


def text(name: str, default: str | type[Required] = Required) -> str:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if isinstance(default, str):
        return default
    raise ImproperlyConfigured(f"{name} is not set; see .env.example for what it holds")


def integer(name: str, default: int, *, least: int = 1, most: int | None = None) -> int:
    raw = text(name, str(default))
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}") from None
    if most is not None and not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must be from {least} to {most}, not {value}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Comma separated words."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Comma separated networks in CIDR notation."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must hold networks like 10.0.0.0/8: {error}") from None


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}")
    return value


def version(name: str) -> str:
    """Numbers with dots, or nothing."""
    value = text(name, "")
    if value and not re.fullmatch(r"\d{1,4}(\.\d{1,4}){0,3}", value, re.ASCII):
        raise ImproperlyConfigured(f"{name} must look like 1.4.2, not {value!r}")
    return value


def path(name: str) -> Path | None:
    value = text(name, "")
    return Path(value) if value else None


def key(name: str, default: str | type[Required] = Required) -> bytes:
    """32 bytes in base64."""
    return _decode_key(name, text(name, default))


def key_ring(name: str, default: str | type[Required] = Required) -> dict[int, bytes]:
    """`2:<base64>,1:<base64>`: the first key writes, all of them read."""
    ring: dict[int, bytes] = {}
    for part in text(name, default).split(","):
        number, _, encoded = part.strip().partition(":")
        if not re.fullmatch(r"[1-9][0-9]{0,3}", number) or int(number) in ring:
            raise ImproperlyConfigured(f"{name} must look like 2:<base64>,1:<base64>, each number once")
        ring[int(number)] = _decode_key(name, encoded)
    return ring


def database(name: str, default: str | type[Required] = Required) -> dict[str, object]:
    url = text(name, default)
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address: the ledger lives in PostgreSQL")
    return dict(Env.db_url_config(url))


def _decode_key(name: str, encoded: str) -> bytes:
    try:
        value = base64.b64decode(encoded, validate=True)
    except ValueError:
        value = b""
    if len(value) != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64: `openssl rand -base64 32` makes one")
    return value
