"""Requests to Tencent Cloud's APIs, signed with TC3-HMAC-SHA256 (doc: 签名方法 v3)."""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import urlsplit

_CONTENT_TYPE = "application/json; charset=utf-8"
_SIGNED = "content-type;host;x-tc-action"


def signed_headers(
    *, url: str, service: str, action: str, version: str, body: bytes, key_id: str, secret: str, at: datetime
) -> dict[str, str]:
    """The headers of a POST of `body` to `url`; the API reads the path as `/`, whatever it is."""
    canonical = canonical_request(host=urlsplit(url).netloc, action=action.lower(), body=body)
    timestamp, day = str(int(at.timestamp())), at.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    text = "\n".join(("TC3-HMAC-SHA256", timestamp, scope, _sha256(canonical.encode())))
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": _CONTENT_TYPE,
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Timestamp": timestamp,
        "Authorization": (
            f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={_SIGNED}, Signature={signature}"
        ),
    }


def canonical_request(*, host: str, action: str, body: bytes) -> str:
    headers = f"content-type:{_CONTENT_TYPE}\nhost:{host}\nx-tc-action:{action}\n"
    return "\n".join(("POST", "/", "", headers, _SIGNED, _sha256(body)))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
