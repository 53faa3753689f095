"""Passwords and keys of one place, made once and kept beside its data."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from wallet_project.launcher.places import write_private


@dataclass(frozen=True)
class Keys:
    secret_key: str
    field_keys: str
    index_key: str
    pin_pepper: str
    owner_password: str
    application_password: str
    valkey_password: str


def keys_in(folder: Path) -> Keys:
    """The keys in `keys.json` (mode 600), made the first time. Without them the data cannot be read again."""
    path = folder / "keys.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    keys = Keys(**{**asdict(_new_keys()), **known})
    if asdict(keys) != known:  # the first time, or a new version needs another key
        write_private(path, json.dumps(asdict(keys), indent=1))
    return keys


def _new_keys() -> Keys:
    return Keys(
        secret_key=secrets.token_urlsafe(48),
        field_keys=f"1:{_thirty_two_bytes()}",
        index_key=_thirty_two_bytes(),
        pin_pepper=_thirty_two_bytes(),
        owner_password=secrets.token_hex(24),
        application_password=secrets.token_hex(24),
        valkey_password=secrets.token_hex(24),
    )


def _thirty_two_bytes() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
