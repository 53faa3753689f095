"""The biller platform's signatures: HMAC-SHA256 over lines, in hex (docs/biller_api.md)."""

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlsplit

from wallet_project.sandbox.clock import rfc3339
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.models import Notice


def key_id() -> str:
    return keyring.appid


def mac(*lines: str, body: bytes) -> str:
    text = "".join(f"{line}\n" for line in lines).encode() + body + b"\n"
    return hmac.new(keyring.credentials["app_secret"].encode(), text, hashlib.sha256).hexdigest()


def letter(notice: Notice, *, flaw: str = "", timestamp: str = "") -> tuple[bytes, dict[str, str]]:
    """Body and headers of one callback, right or wrong in the way `flaw` names."""
    body = json.dumps(
        {
            "id": notice.event_id,
            "type": notice.event_type,
            "summary": notice.summary,
            "created_at": rfc3339(notice.created_at),
            "payment": notice.resource,
        },
        ensure_ascii=False,
    ).encode()
    timestamp = timestamp or str(int(time.time()) - (600 if flaw == "stale" else 0))
    nonce = secrets.token_hex(16)
    signature = mac("POST", urlsplit(notice.notify_url).path, timestamp, nonce, body=body)
    if flaw in {"signtest", "bad_signature"}:
        signature = mac("something else", body=body)
    return body, {
        "Biller-Key": "nobody" if flaw == "wrong_serial" else key_id(),
        "Biller-Timestamp": timestamp,
        "Biller-Nonce": nonce,
        "Biller-Signature": signature,
    }
