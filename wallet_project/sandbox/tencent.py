"""Tencent Cloud's signature TC3-HMAC-SHA256, written again from its document (签名方法 v3)."""

import hashlib
import hmac
import re
import time
from datetime import UTC, datetime

from django.http import HttpRequest

from wallet_project.sandbox.identity import keyring

WINDOW_SECONDS = 300
_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<key_id>[^/]+)/(?P<scope>[^,]+), "
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)


class TencentError(Exception):
    """What stands in `Response.Error`; the HTTP status is 200 all the same."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def check_signature(request: HttpRequest, *, service: str) -> None:
    """
    The key id is the mini-program's AppID here, the secret its AppSecret.

    :raises TencentError: unknown, too old, or not over what was sent
    """
    given = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    timestamp = request.headers.get("X-TC-Timestamp", "")
    if given is None or not timestamp.isdecimal() or given["key_id"] != keyring.appid:
        raise TencentError("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    if abs(time.time() - int(timestamp)) > WINDOW_SECONDS:
        raise TencentError("AuthFailure.SignatureExpire", "The provided credentials have expired.")
    names, day = given["names"].split(";"), f"{datetime.fromtimestamp(int(timestamp), UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    if not {"content-type", "host"} <= set(names) or given["scope"] != scope:
        raise TencentError("AuthFailure.SignatureFailure", "Not signed: content-type, host, or this scope.")
    headers = "".join(f"{name}:{request.headers.get(name, '').strip().lower()}\n" for name in names)
    hashed = hashlib.sha256(request.body).hexdigest()
    canonical = f"{request.method}\n/\n\n{headers}\n{given['names']}\n{hashed}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = ("TC3" + keyring.credentials["app_secret"]).encode()
    for step in (day, service, "tc3_request", f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(key.hex(), given["signature"]):
        raise TencentError("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
