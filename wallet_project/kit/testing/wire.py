"""
The wire: our web server on a real port, the WeChat sandbox as its own process, customers with HTTP clients.

Nothing here imports an app or the sandbox's server side: tests see what a mini-program and WeChat would see.
"""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from pytest_django.live_server_helper import LiveServer

from wallet_project.sandbox.client import Sandbox
from wallet_project.sandbox.testing import LocalSandbox, running_sandbox

PIN = "318842"


class Api:
    """A mini-program: one device, its token, our API."""

    def __init__(self, base_url: str, sandbox: Sandbox) -> None:
        self.base_url = f"{base_url}/api/v1/"
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.openid = self.phone = self.pin = ""
        self.device_id = f"device-{uuid.uuid4().hex[:12]}"

    def log_in(self, code: str) -> dict[str, Any]:
        """As somebody who ticks what the login page shows."""
        wish = {"code": code, "device_id": self.device_id, "agreements": self.agreements()}
        answer = self.post("auth/login", wish)
        answer.raise_for_status()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer.json()

    def agreements(self) -> list[dict[str, Any]]:
        """What is mandatory now, in the words in which it is accepted."""
        shown = [text for text in self.get("agreements").json()["items"] if text["is_mandatory"]]
        return [{name: text[name] for name in ("kind", "version", "hash")} for text in shown]

    def set_pin(self, pin: str = PIN) -> None:
        """The first PIN; from here on what asks for it is given it."""
        self.post("me/pin", {"pin": pin}).raise_for_status()
        self.pin = pin

    def bind_phone(self, phone: str) -> None:
        code = self.sandbox.phone_code(phone, self.openid)["code"]
        self.post("me/phone", {"code": code}).raise_for_status()
        self.phone = phone

    def prove(self, asked: dict[str, Any]) -> str | None:
        """The grant for what a 428 asks, by the first way that this person can go; None: there is no such."""
        able = {"WECHAT", *({"PIN"} if self.pin else ()), *({"SMS"} if self.phone else ())}
        way = next(filter(able.issuperset, asked["factors"]), ())
        grant = None
        for factor in way:
            answer = self._prove(f"me/step-up/{asked['challenge_id']}", factor)
            answer.raise_for_status()
            grant = answer.json()["grant"]
        return grant

    def grant_for(self, path: str, body: Any = None) -> str:
        """The proof for a request that is sent later, or by many at once."""
        asked = self._send("POST", path, body, key=None, grant="")
        assert asked.status_code == 428, asked.text
        return self.prove(asked.json()["detail"]) or ""

    def confirm(self, pay_params: dict[str, str], **wish: Any) -> dict[str, Any]:
        """What WeChat's app does after wx.requestPayment when the person types their PIN there."""
        prepay_id = pay_params["package"].removeprefix("prepay_id=")
        return self.sandbox.confirm(prepay_id, pay_sign=pay_params, **wish)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(self.base_url + path, params=query, timeout=40)

    def post(
        self, path: str, body: Any = None, *, key: str | None = None, grant: str = ""
    ) -> requests.Response:
        """
        `key` None makes a new Idempotency-Key: a new intention. A 428 that this person can answer is
        answered, and the same request sent again with the grant.
        """
        return self._insist("POST", path, body, key=key, grant=grant)

    def put(self, path: str, body: Any = None, *, grant: str = "") -> requests.Response:
        return self._insist("PUT", path, body, key=None, grant=grant)

    def delete(self, path: str) -> requests.Response:
        return self.session.delete(self.base_url + path, timeout=40)

    def _insist(self, method: str, path: str, body: Any, *, key: str | None, grant: str) -> requests.Response:
        key = key or uuid.uuid4().hex
        answer = self._send(method, path, body, key=key, grant=grant)
        if answer.status_code == 428 and (proof := self.prove(answer.json()["detail"])):
            return self._send(method, path, body, key=key, grant=proof)
        return answer

    def _send(self, method: str, path: str, body: Any, *, key: str | None, grant: str) -> requests.Response:
        headers = {"Idempotency-Key": key or uuid.uuid4().hex, **({"Step-Up-Grant": grant} if grant else {})}
        body = {} if body is None else body
        return self.session.request(method, self.base_url + path, json=body, headers=headers, timeout=40)

    def _prove(self, challenge: str, factor: str) -> requests.Response:
        match factor:
            case "PIN":
                return self.post(f"{challenge}/pin", {"pin": self.pin})
            case "SMS":
                self.post(f"{challenge}/sms").raise_for_status()
                return self.post(f"{challenge}/sms/verify", {"code": self.sandbox.sms_code(self.phone)})
        return self.post(f"{challenge}/wechat", {"code": self.sandbox.login_code(self.openid)["code"]})


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSandbox]:
    """WeChat, as a process of its own; our settings hold its keys from here on."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        trade_at(running)
        yield running


TOLD = ("appid", "app_secret", "mchid", "merchant_serial", "apiv3_key", "push_token", "push_aes_key")


def trade_at(running: LocalSandbox) -> None:
    """Make this process the merchant that the sandbox knows."""
    known = running.credentials
    settings.WECHAT.update(
        {name: known[name] for name in TOLD},
        merchant_private_key=Path(known["merchant_private_key"]),
        public_key_id=known["public_key_id"],
        public_key=Path(known["public_key"]),
        platform_certs=Path(known["platform_certs_dir"]),
        pay_url=running.base_url,
        api_url=running.base_url,
    )
    settings.SMS["url"] = running.base_url
    settings.BILLERS.update(url=running.base_url, key_id=known["appid"], secret=known["app_secret"])
    settings.IDENTITY.update(
        url=f"{running.base_url}/faceid", key_id=known["appid"], secret=known["app_secret"], face_rule="1"
    )


@pytest.fixture(scope="session")
def web_server(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Our own server; WeChat's callbacks come here."""
    ThreadedWSGIServer.request_queue_size = 128  # many callers at once are what some tests are about
    # Headers and body are two packets; the second would wait 40 ms until the first is acknowledged.
    WSGIRequestHandler.disable_nagle_algorithm = True
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        settings.PUBLIC_URL = server.url
        yield server.url
        server.stop()


@pytest.fixture
def newcomer(sandbox: Sandbox, web_server: str, committed_db: None) -> Callable[..., Api]:
    """A new person with a mini-program, logged in for the first time."""

    def make() -> Api:
        api = Api(web_server, sandbox)
        minted = sandbox.login_code()
        api.openid = minted["openid"]
        api.log_in(minted["code"])
        return api

    return make


@pytest.fixture
def new_customer(newcomer: Callable[..., Api]) -> Callable[..., Api]:
    """A new person who has set a payment PIN, and gives it when they are asked."""

    def make() -> Api:
        api = newcomer()
        api.set_pin()
        return api

    return make


@pytest.fixture
def customer(new_customer: Callable[..., Api]) -> Api:
    return new_customer()


@pytest.fixture
def new_phone() -> Callable[[], str]:
    """A mainland number nobody has yet."""
    return lambda: f"139{uuid.uuid4().int % 10**8:08d}"
