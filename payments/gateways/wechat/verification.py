"""Prove that WeChat said something, now: for answers and callbacks alike (WeChat Pay v3 doc 4013053249)."""

import re
from collections.abc import Iterable
from datetime import datetime

from payments.gateways.wechat.errors import InvalidSignature
from payments.gateways.wechat.keys import platform_key
from payments.gateways.wechat.signing import answer_message, is_signed

WINDOW_SECONDS = 300
SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
# No comma or space fits: servers join a header that came twice with ", ".
_FORMS = {
    "wechatpay-timestamp": re.compile(r"[0-9]{1,11}"),
    "wechatpay-nonce": re.compile(r"[0-9A-Za-z_\-]{1,64}"),
    "wechatpay-serial": re.compile(r"[0-9A-Za-z_]{1,64}"),
    "wechatpay-signature": re.compile(r"[0-9A-Za-z+/=]{1,1024}"),
}


def verify(*, headers: Iterable[tuple[str, str]], body: bytes, now: datetime) -> None:
    """
    :raises InvalidSignature: a header is missing, repeated or malformed; unknown key; wrong time; not signed
    """
    said = _wechatpay_headers(headers)
    # A document without the type means the RSA one; another algorithm would need other code.
    if said.get("wechatpay-signature-type", SIGNATURE_TYPE) != SIGNATURE_TYPE:
        raise InvalidSignature("unknown signature type")
    for name, form in _FORMS.items():
        if not form.fullmatch(said.get(name, "")):
            raise InvalidSignature(f"{name} malformed")
    timestamp = said["wechatpay-timestamp"]
    if abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise InvalidSignature("outside the time window")
    key = platform_key(said["wechatpay-serial"], now=now)
    if key is None:
        raise InvalidSignature("unknown key")
    message = answer_message(timestamp=timestamp, nonce=said["wechatpay-nonce"], body=body)
    if not is_signed(message, signature=said["wechatpay-signature"], key=key):
        raise InvalidSignature("wrong signature")


def _wechatpay_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        if name in said and name.startswith("wechatpay-"):
            raise InvalidSignature(f"{name} twice")
        said[name] = value
    return said
