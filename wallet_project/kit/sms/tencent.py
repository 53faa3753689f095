"""Tencent Cloud SMS, API SendSms of 2021-01-11, signed with TC3-HMAC-SHA256 (doc: 签名方法 v3)."""

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings

from wallet_project.kit import clock
from wallet_project.kit.sms.messages import SmsFailed, TextMessage
from wallet_project.kit.sms.wire import as_json, ask

_SIGNED = "content-type;host;x-tc-action"
_CONTENT_TYPE = "application/json; charset=utf-8"


def send(message: TextMessage) -> None:
    """:raises SmsFailed: refused, or nobody knows"""
    ours = settings.SMS
    url = ours["url"] or "https://sms.tencentcloudapi.com"
    body = as_json(
        {
            "PhoneNumberSet": [message.e164],
            "SmsSdkAppId": ours["app_id"],
            "SignName": ours["sign_name"],
            "TemplateId": ours["templates"][message.template],
            "TemplateParamSet": list(message.params.values()),
        }
    )
    now = clock.now()
    headers = {
        "Content-Type": _CONTENT_TYPE,
        "X-TC-Action": "SendSms",
        "X-TC-Version": "2021-01-11",
        "X-TC-Region": ours["region"],
        "X-TC-Timestamp": str(int(now.timestamp())),
        "Authorization": _authorization(
            host=urlsplit(url).netloc,
            body=body,
            now=now,
            key_id=ours["key_id"],
            secret=ours["secret"],
        ),
    }
    answer = ask("POST", f"{url}/", headers=headers, body=body).get("Response")
    if not isinstance(answer, dict):
        raise SmsFailed("an answer without Response", sent=True)
    if "Error" in answer:
        raise SmsFailed(str(answer["Error"].get("Code")), sent=False)
    statuses = answer.get("SendStatusSet")
    code = statuses[0].get("Code") if isinstance(statuses, list) and statuses else None
    if code != "Ok":
        raise SmsFailed(str(code), sent=code is None)


def _authorization(*, host: str, body: bytes, now: datetime, key_id: str, secret: str) -> str:
    canonical = canonical_request(host=host, action="sendsms", body=body)
    day = now.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{day}/sms/tc3_request"
    text = "\n".join(("TC3-HMAC-SHA256", str(int(now.timestamp())), scope, sha256_hex(canonical.encode())))
    key = f"TC3{secret}".encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={_SIGNED}, Signature={signature}"


def canonical_request(*, host: str, action: str, body: bytes) -> str:
    headers = f"content-type:{_CONTENT_TYPE}\nhost:{host}\nx-tc-action:{action}\n"
    return "\n".join(("POST", "/", "", headers, _SIGNED, sha256_hex(body)))


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
