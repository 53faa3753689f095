"""Aliyun SMS, API SendSms of 2017-05-25, signed with ACS3-HMAC-SHA256 (doc: V3 版本请求体 & 签名机制)."""

import hashlib
import hmac
import secrets
from datetime import UTC
from urllib.parse import quote, urlsplit

from django.conf import settings

from wallet_project.kit import clock
from wallet_project.kit.sms.messages import SmsFailed, TextMessage
from wallet_project.kit.sms.wire import as_json, ask


def send(message: TextMessage) -> None:
    """:raises SmsFailed: refused, or nobody knows"""
    ours = settings.SMS
    url = ours["url"] or "https://dysmsapi.aliyuncs.com"
    query = canonical_query(
        {
            # at home without a plus, abroad with the country in front
            "PhoneNumbers": message.phone.removeprefix("+"),
            "SignName": ours["sign_name"],
            "TemplateCode": ours["templates"][message.template],
            "TemplateParam": as_json(dict(message.params)).decode(),
        }
    )
    signed = {
        "host": urlsplit(url).netloc,
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-version": "2017-05-25",
    }
    headers = {**signed, "Authorization": authorization(signed, query, ours["key_id"], ours["secret"])}
    code = ask("POST", f"{url}/?{query}", headers=headers, body=b"").get("Code")
    if code != "OK":
        raise SmsFailed(str(code), sent=code is None)


def canonical_query(params: dict[str, str]) -> str:
    """Sorted, and percent-encoded as RFC 3986 wants it."""
    return "&".join(f"{quote(name, safe='~')}={quote(params[name], safe='~')}" for name in sorted(params))


def authorization(signed: dict[str, str], query: str, key_id: str, secret: str) -> str:
    """Of a POST without a body to `/`; `signed` are the lower-case headers that are signed: all of them."""
    names = ";".join(sorted(signed))
    headers = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    canonical = "\n".join(("POST", "/", query, headers, names, signed["x-acs-content-sha256"]))
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
