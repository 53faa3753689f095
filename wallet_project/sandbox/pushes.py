"""
Messages that WeChat pushes to the mini-program's server (doc: 消息推送, secure mode), encrypted and signed.

Where to is told in the mini-program's console, here by `SANDBOX_PUSH_URL` or the control API; without an
address nothing is pushed. What is not answered is sent up to three times.
"""

import base64
import hashlib
import json
import secrets
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import requests
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from django.conf import settings

from wallet_project.sandbox.clock import clock
from wallet_project.sandbox.control import Refused
from wallet_project.sandbox.identity import keyring
from wallet_project.sandbox.signing import random_text

ANSWER_SECONDS = 5
ANSWERED = {200, 204}
TRIES = 3


class Pusher:
    """One thread that carries pushes, in the order in which things happened."""

    def __init__(self) -> None:
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pusher")
        self._lock = threading.Lock()
        self.under_way = 0
        self.url = settings.PUSH_URL

    def tell(self, openid: str, event: str, **content: object) -> None:
        """What has happened to this person, after whoever asked is answered."""
        if not self.url:
            return
        message = {
            "ToUserName": "gh_sandbox",
            "FromUserName": openid,
            "CreateTime": str(int(clock.now().timestamp())),
            "MsgType": "event",
            "Event": event,
            **content,
        }
        with self._lock:
            self.under_way += 1
        self._hand.submit(self._carry, self.url, message)

    def forget(self) -> None:
        self.url = settings.PUSH_URL

    def _carry(self, url: str, message: dict) -> None:
        try:
            for _ in range(TRIES):
                try:
                    if _post(url, message)["status"] in ANSWERED:
                        return
                except requests.RequestException:
                    time.sleep(0.1)
        finally:
            with self._lock:
                self.under_way -= 1


pusher = Pusher()


def set_address(wish: dict) -> dict:
    """Where pushes go from now on: `{"url"}`; without one there are none."""
    if not isinstance(wish.get("url", ""), str):
        raise Refused("url 必须是网址")
    pusher.url = wish.get("url", "")
    return {"url": pusher.url}


def push(wish: dict) -> dict:
    """
    Send the merchant one message, now: `{"url", "message", "format"?: "json" | "xml", "token"?,
    "timestamp"?}`; the answer is `{"status", "answer"}`. With `echo` it asks whether the address is theirs.
    """
    if not isinstance(wish.get("url"), str) or not isinstance(wish.get("message", {}), dict):
        raise Refused("需要 url 和 message（对象）")
    token = str(wish.get("token") or keyring.credentials["push_token"])
    timestamp = str(wish.get("timestamp") or int(time.time()))
    if wish.get("echo"):
        return _ask(wish["url"], str(wish["echo"]), token=token, timestamp=timestamp)
    form = wish.get("format", "json")
    return _post(wish["url"], wish.get("message", {}), form=form, token=token, timestamp=timestamp)


def _ask(url: str, echo: str, *, token: str, timestamp: str) -> dict:
    query = _signed(token, timestamp) | {"echostr": echo}
    with requests.Session() as session:
        session.trust_env = False
        return _described(session.get(f"{url}?{urlencode(query)}", timeout=ANSWER_SECONDS))


def _post(url: str, message: dict, *, form: str = "json", token: str = "", timestamp: str = "") -> dict:
    token = token or keyring.credentials["push_token"]
    query = _signed(token, timestamp or str(int(time.time())))
    sealed = _seal(_write(message, form))
    query |= {
        "encrypt_type": "aes",
        "msg_signature": _digest(token, query["timestamp"], query["nonce"], sealed),
    }
    body = _write({"ToUserName": "gh_sandbox", "Encrypt": sealed}, form)
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{url}?{urlencode(query)}", data=body.encode(), timeout=ANSWER_SECONDS)
    return _described(answer)


def _described(answer: requests.Response) -> dict:
    return {"status": answer.status_code, "answer": answer.text[:500]}


def _signed(token: str, timestamp: str) -> dict[str, str]:
    nonce = random_text(10)
    return {"timestamp": timestamp, "nonce": nonce, "signature": _digest(token, timestamp, nonce)}


def _digest(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _seal(text: str) -> str:
    """AES-256-CBC over 16 random bytes, the length, the message and our app id; padded to 32."""
    key = base64.b64decode(keyring.credentials["push_aes_key"] + "=")
    message = text.encode()
    plain = secrets.token_bytes(16) + struct.pack(">I", len(message)) + message + keyring.appid.encode()
    missing = 32 - len(plain) % 32
    encryptor = Cipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(
        encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
    ).decode()


def _write(content: dict, form: str) -> str:
    return json.dumps(content, ensure_ascii=False) if form == "json" else f"<xml>{_as_xml(content)}</xml>"


def _as_xml(content: dict) -> str:
    """A list is its element again and again."""
    parts = []
    for name, value in content.items():
        for one in value if isinstance(value, list) else [value]:
            inner = _as_xml(one) if isinstance(one, dict) else one
            plain = isinstance(one, int | dict)
            parts.append(f"<{name}>{inner}</{name}>" if plain else f"<{name}><![CDATA[{inner}]]></{name}>")
    return "".join(parts)
