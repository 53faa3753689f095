"""What a mini-program and a shop system send, in the fewest lines: to try the API, and to copy from."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable

import requests
from django.core.management.base import CommandError

from wallet_project.sandbox.client import Sandbox

PATIENCE_SECONDS = 15


class MiniProgram:
    """A customer's phone: our API on one side, WeChat on the other."""

    def __init__(self, base_url: str, wechat: Sandbox) -> None:
        self.address, self.base_url, self.wechat = base_url, f"{base_url}/api/v1/", wechat
        self.session = _new_session()
        self.openid = self.phone = self.pin = ""

    def log_in(self) -> dict:
        """Somebody new opens the mini-program, ticks the agreements; wx.login, then our login."""
        minted = self.wechat.login_code()
        self.openid = minted["openid"]
        mandatory = [text for text in self.get("agreements")["items"] if text["is_mandatory"]]
        wish = {
            "code": minted["code"],
            "device_id": f"demo-{secrets.token_hex(8)}",
            "agreements": [{name: text[name] for name in ("kind", "version", "hash")} for text in mandatory],
        }
        login = self.post("auth/login", wish)
        self.session.headers["Authorization"] = f"Bearer {login['access_token']}"
        return login["user"]

    def bind_phone(self, phone: str) -> dict:
        self.phone = phone
        return self.post("me/phone", {"code": self.wechat.phone_code(phone, self.openid)["code"]})

    def set_pin(self, pin: str) -> dict:
        """The first payment PIN; a text message to the phone and a fresh login prove whose it is."""
        self.pin = pin
        return self.post("me/pin", {"pin": pin})

    def confirm(self, pay_params: dict) -> None:
        """wx.requestPayment, and the customer types their PIN at WeChat."""
        self.wechat.confirm(pay_params["package"].removeprefix("prepay_id="), pay_sign=pay_params)

    def get(self, path: str) -> dict:
        return _content(self.session.get(self.base_url + path, timeout=30))

    def post(self, path: str, body: dict) -> dict:
        # One intention, one key: without an answer the same request is sent again under the same key, and
        # so it is with the proof that a 428 asks for.
        headers = {"Idempotency-Key": secrets.token_hex(16)}
        answer = self.session.post(self.base_url + path, json=body, headers=headers, timeout=30)
        if answer.status_code == requests.codes.precondition_required:
            headers["Step-Up-Grant"] = self.prove(answer.json()["detail"])
            answer = self.session.post(self.base_url + path, json=body, headers=headers, timeout=30)
        return _content(answer)

    def prove(self, asked: dict) -> str:
        """The customer sees the operation and proves it the first way they can go."""
        challenge, progress = f"me/step-up/{asked['challenge_id']}", {}
        for factor in next(way for way in asked["factors"] if {"PIN", "SMS", "WECHAT"}.issuperset(way)):
            if factor == "PIN":
                progress = self.post(f"{challenge}/pin", {"pin": self.pin})
            elif factor == "WECHAT":
                fresh = self.wechat.login_code(self.openid)["code"]
                progress = self.post(f"{challenge}/wechat", {"code": fresh})
            else:
                self.post(f"{challenge}/sms", {})
                code = self.wechat.sms_code(self.phone)
                progress = self.post(f"{challenge}/sms/verify", {"code": code})
        return progress["grant"]


class Shop:
    """The merchant's shop system. Each request is signed; the bytes signed are the bytes sent."""

    def __init__(self, key_id: str, secret: str, base_url: str) -> None:
        self.key_id, self.secret, self.base_url = key_id, secret, base_url

    def create_order(self, order: dict) -> dict:
        return self.send("POST", "/api/v1/merchant/orders", json.dumps(order, ensure_ascii=False).encode())

    def send(self, method: str, target: str, body: bytes) -> dict:
        """`target` is the path with its query string."""
        timestamp, nonce = str(int(time.time())), secrets.token_urlsafe(24)
        text = f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"
        headers = {
            "Content-Type": "application/json",
            "Shop-Key": self.key_id,
            "Shop-Timestamp": timestamp,
            "Shop-Nonce": nonce,
            "Shop-Signature": hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest(),
        }
        address = self.base_url + target
        return _content(_new_session().request(method, address, data=body, headers=headers, timeout=30))


def wait_for(state: str, look: Callable[[], dict]) -> dict:
    """
    What `look` sees once it is in that state: WeChat's callback, or a worker, takes a moment.

    :raises CommandError: it is not there after a quarter of a minute
    """
    return wait_until(lambda seen: seen["state"] == state, look)


def wait_until(is_there: Callable[[dict], object], look: Callable[[], dict]) -> dict:
    """
    What `look` sees once it is there.

    :raises CommandError: it is not after a quarter of a minute
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_there(seen := look()):
        if time.monotonic() > deadline:
            raise CommandError(f"✗ 等待超时  still this: {seen}")
        time.sleep(0.2)
    return seen


def _new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # the system runs on this machine, no proxy is between
    return session


def _content(response: requests.Response) -> dict:
    """:raises requests.HTTPError: with the answer's own words"""
    if not response.ok:
        said = f"{response.request.method} {response.url}: {response.status_code} {response.text}"
        raise requests.HTTPError(said, response=response)
    return response.json()
