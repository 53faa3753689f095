"""Messages that WeChat pushes to the mini-program's server (mini-program doc: 消息推送, secure mode)."""

import hashlib
import hmac
import json
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from django.conf import settings
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException

from payments.gateways.wechat.errors import CannotDecrypt, InvalidSignature, UnreadableNotice
from wallet_project.kit.clock import SHANGHAI

MOST_BYTES = 64 * 1024
WINDOW_SECONDS = 600  # the document names none


@dataclass(frozen=True)
class Push:
    """`id` is the same for every repetition of one message."""

    id: str
    event: str
    fields: dict[str, Any]


def prove_address(*, signature: str, timestamp: str, nonce: str) -> None:
    """
    WeChat asks whether this address is ours, before it sends anything to it.

    :raises InvalidSignature: somebody else asks
    """
    _require_signed(signature, timestamp, nonce)


def open_push(*, signature: str, timestamp: str, nonce: str, body: bytes, now: datetime) -> Push:
    """
    The content of a message, once it is proven to come from WeChat; JSON or XML, as the console says.

    :raises InvalidSignature: not proven
    :raises CannotDecrypt: proven, yet it does not open: look at the EncodingAESKey
    """
    if len(body) > MOST_BYTES:
        raise InvalidSignature("longer than any message")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 11:
        raise InvalidSignature("timestamp is no number")
    if abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise InvalidSignature("too old or too new")
    try:
        sealed = _sealed_in(body)
    except UnreadableNotice:
        raise InvalidSignature("no message") from None
    _require_signed(signature, timestamp, nonce, sealed)
    return read_push(body=body)


def read_push(*, body: bytes) -> Push:
    """
    Open a message that was proven before, such as one we stored.

    :raises CannotDecrypt: it does not open, or holds nothing that could be read
    """
    ours = settings.WECHAT
    try:
        key = WeChatCrypto(ours["push_token"], ours["push_aes_key"], ours["appid"]).key
        plain = PrpCrypto(key).decrypt(_sealed_in(body), ours["appid"])
        fields = _read(plain if isinstance(plain, bytes) else plain.encode())
    except InvalidAppIdException:
        raise CannotDecrypt("meant for another app") from None
    except (UnreadableNotice, ValueError, AssertionError, IndexError, struct.error) as error:
        raise CannotDecrypt(type(error).__name__) from error
    event = str(fields.get("Event") or fields.get("MsgType") or "")[:64]
    # The document: by MsgId, or by sender, time and event where there is none. Two messages to one person may
    # be told of in the same second, so what they are about counts, too.
    names = ("FromUserName", "CreateTime", "Event", "transaction_id")
    about = [json.dumps(value, sort_keys=True) for value in fields.values() if isinstance(value, dict | list)]
    known = str(fields.get("MsgId") or "") or "|".join(
        [*(str(fields.get(name, "")) for name in names), *about]
    )
    return Push(id=hashlib.sha256(known.encode()).hexdigest(), event=event, fields=fields)


def moment(fields: dict[str, Any], name: str) -> datetime | None:
    """
    A time in seconds, which XML writes as text; None where it is left out.

    :raises UnreadableNotice: it is none
    """
    value = fields.get(name)
    if value in (None, "", 0, "0"):
        return None
    try:
        return datetime.fromtimestamp(int(str(value)), tz=SHANGHAI)
    except (ValueError, OverflowError, OSError):
        raise UnreadableNotice(f"{name} is no time") from None


def _require_signed(signature: str, timestamp: str, nonce: str, *sealed: str) -> None:
    token = settings.WECHAT["push_token"]
    text = "".join(sorted((token, timestamp, nonce, *sealed)))
    expected = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    if not token or not hmac.compare_digest(expected.encode(), signature.encode()):
        raise InvalidSignature("signature does not fit")


def _sealed_in(body: bytes) -> str:
    sealed = _read(body).get("Encrypt")
    if not isinstance(sealed, str) or not sealed:
        raise UnreadableNotice("nothing encrypted in it")
    return sealed


def _read(content: bytes) -> dict[str, Any]:
    """
    :raises UnreadableNotice: neither a JSON object nor flat XML
    """
    try:
        if content.lstrip()[:1] == b"<":
            found = xmltodict.parse(content, disable_entities=True).get("xml")
        else:
            found = json.loads(content)
    except (ValueError, ExpatError, RecursionError) as error:
        raise UnreadableNotice(type(error).__name__) from None
    if not isinstance(found, dict):
        raise UnreadableNotice("no object")
    return found
