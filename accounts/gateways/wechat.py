"""
Who is this person, says WeChat: login codes, phone-number codes, fingerprints and faces.

The one place that knows `wechatpy`. Given to it: our outbound session (timeouts, no transaction open, no
redirects), our origin for every group of its methods, and the stable access token, which all processes share.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache as once
from typing import Any

from django.conf import settings
from django.core.cache import cache
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.session import SessionStorage

from wallet_project.kit.outbound import NoAnswer, OutboundSession

logger = logging.getLogger(__name__)

OFFICIAL_ORIGIN = "https://api.weixin.qq.com"
STALE_TOKEN = {40001, 40014, 42001}
CODE_REFUSED = {
    40029: "expired, or never given out",
    40163: "used before",
    40226: "WeChat blocks this person as a high risk",
}
BUSY = {-1, 45009, 45011}  # anything else is a mistake on our side, and somebody must look
TOKEN_MARGIN_SECONDS = 300
LOCK_SECONDS = 5


class LoginCodeRefused(Exception):
    """The code of `wx.login` proves nobody: ask the mini-program for a new one."""


class PhoneCodeRefused(Exception):
    """The code of the phone-number button is used or over: ask for a new one."""


class WeChatSilent(Exception):
    """WeChat did not tell. Nobody is proven; the same code or a new one may be tried."""


@dataclass(frozen=True, kw_only=True)
class WeChatSession:
    """Who logged in. The session_key that comes with it ends here: nothing of ours needs it."""

    openid: str
    unionid: str | None


def code_to_session(code: str) -> WeChatSession:
    """
    Spend a login code; it works once, for five minutes (mini-program doc: auth.code2Session).

    :raises LoginCodeRefused: WeChat does not accept it
    :raises WeChatSilent: no answer to rely on
    """
    answer = _ask(lambda: _client().wxa.code_to_session(code), refusal=LoginCodeRefused)
    openid, unionid = answer.get("openid"), answer.get("unionid")
    if not isinstance(openid, str) or not openid:
        raise WeChatSilent("an answer without openid")
    return WeChatSession(openid=openid, unionid=unionid if isinstance(unionid, str) else None)


def phone_number(code: str) -> str:
    """
    Spend a phone-number code: '13800138000', or '+85251234567' abroad (doc: phonenumber.getPhoneNumber).

    :raises PhoneCodeRefused: WeChat does not accept it
    :raises WeChatSilent: no answer to rely on
    """
    answer = _ask(lambda: _post("wxa/business/getuserphonenumber", {"code": code}), refusal=PhoneCodeRefused)
    try:
        found = answer["phone_info"]
        number, country, appid = found["purePhoneNumber"], found["countryCode"], found["watermark"]["appid"]
    except (KeyError, TypeError):
        raise WeChatSilent("an answer without a phone number") from None
    if appid != settings.WECHAT["appid"]:
        raise WeChatSilent("a phone number meant for another app")
    return str(number) if str(country) == "86" else f"+{country}{number}"


def is_soter_genuine(*, openid: str, result: str, signature: str) -> bool:
    """
    Did the key of this person's device sign this (doc: soter.verifySignature)? `result` is sent as it came.

    :raises WeChatSilent: no answer to rely on
    """
    wish = {"openid": openid, "json_string": result, "json_signature": signature}
    answer = _ask(lambda: _post("cgi-bin/soter/verify_signature", wish), refusal=WeChatSilent)
    return answer.get("is_ok") is True


def risk_rank(openid: str, *, client_ip: str) -> int:
    """
    How likely somebody who registers is a bad one: 0 to 4 (mini-program doc: getUserRiskRank, scene 0).

    :raises WeChatSilent: it does not say; an unknown rank is no good rank
    """
    wish = {"appid": settings.WECHAT["appid"], "openid": openid, "scene": 0, "client_ip": client_ip}
    answer = _ask(lambda: _post("wxa/getuserriskrank", wish), refusal=WeChatSilent)
    rank = answer.get("risk_rank")
    if type(rank) is not int or not 0 <= rank <= 4:
        raise WeChatSilent("an answer without a rank")
    return rank


def _ask(question: Callable[[], Any], *, refusal: type[Exception]) -> dict[str, Any]:
    # Never chained: the requests inside these errors carry the app secret.
    try:
        answer = question()
    except NoAnswer as silence:
        raise WeChatSilent(str(silence)) from None
    except WeChatClientException as error:
        if error.errcode in CODE_REFUSED:
            raise refusal(f"{error.errcode}: {CODE_REFUSED[error.errcode]}") from None
        if error.errcode not in BUSY:
            logger.error("accounts.wechat.alarm", extra={"errcode": error.errcode, "said": str(error.errmsg)})
        raise WeChatSilent(f"errcode {error.errcode}") from None
    except (ValueError, KeyError, TypeError):
        raise WeChatSilent("unreadable answer") from None
    if not isinstance(answer, dict):
        raise WeChatSilent("unreadable answer")
    return answer


def _post(endpoint: str, data: dict[str, Any]) -> Any:
    """A call with the access token; once more, not again, when the shared one turns out to be stale."""
    client = _client()
    token = client.access_token
    try:
        return client.post(endpoint, params={"access_token": token}, data=data)
    except WeChatClientException as error:
        if error.errcode not in STALE_TOKEN:
            raise
    client.session.forget(client.access_token_key, stale=token)
    return client.post(endpoint, params={"access_token": client.access_token}, data=data)


class _SharedToken(SessionStorage):
    """Where wechatpy keeps the access token: in the cache for everyone, in memory in case that is gone."""

    def __init__(self) -> None:
        self._memory: dict[str, tuple[str, float]] = {}

    def get(self, key: str, default: Any = None) -> Any:
        if token := cache.get(key):
            return token
        token, until = self._memory.get(key, ("", 0.0))
        return token if time.monotonic() < until else default

    def set(self, key: str, value: str, ttl: int = 0) -> None:
        seconds = max(ttl - TOKEN_MARGIN_SECONDS, 30)
        self._memory[key] = (value, time.monotonic() + seconds)
        cache.set(key, value, timeout=seconds)

    def forget(self, key: str, *, stale: str) -> None:
        """Unless somebody has already put a newer one in its place."""
        if self.get(key) == stale:
            self._memory.pop(key, None)
            cache.delete(key)


class _Client(WeChatClient):
    def __init__(self, *, appid: str, secret: str, origin: str) -> None:
        # auto_retry would repeat a refused token without end.
        super().__init__(appid, secret, session=_SharedToken(), auto_retry=False)
        self._http = OutboundSession()
        self._origin = origin
        self._fetching = threading.Lock()

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """Every call passes here: to our origin, and without the access token where the secret proves us."""
        base = kwargs.get("api_base_url", f"{OFFICIAL_ORIGIN}/")
        kwargs["api_base_url"] = base.replace(OFFICIAL_ORIGIN, self._origin)
        if "secret" in (kwargs.get("params") or kwargs.get("data") or {}):
            kwargs["params"] = list((kwargs.get("params") or {}).items())  # to a dict wechatpy adds the token
        return super()._request(method, url_or_endpoint, **kwargs)

    def fetch_access_token(self) -> None:
        """
        The stable token: the same for whoever asks, until it nears its end (doc: getStableAccessToken).

        So two processes that ask at once do no harm; the locks only spare WeChat the question.
        """
        with self._fetching:
            if self._somebody_fetched():
                return
            wish = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
            try:
                answer = self.post("cgi-bin/stable_token", data={**wish, "force_refresh": False})
                self.session.set(self.access_token_key, answer["access_token"], answer["expires_in"])
            finally:
                cache.delete(f"{self.access_token_key}.lock")

    def _somebody_fetched(self) -> bool:
        """Wait for the process that holds the lock, as long as a healthy one would need."""
        for _ in range(10):
            if self.session.get(self.access_token_key):
                return True
            if cache.add(f"{self.access_token_key}.lock", "held", timeout=LOCK_SECONDS):
                return False
            time.sleep(0.1)
        return False

    @property
    def access_token_key(self) -> str:
        return f"accounts.wechat.access_token:{self.appid}"


@once
def _client_of(appid: str, secret: str, origin: str) -> _Client:
    return _Client(appid=appid, secret=secret, origin=origin)


def _client() -> _Client:
    ours = settings.WECHAT
    return _client_of(ours["appid"], ours["app_secret"], ours["api_url"])
