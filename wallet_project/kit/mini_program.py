"""
The mini-program's server API (api.weixin.qq.com): one client and one access token for the whole system.

The one place that knows `wechatpy`. Given to it: our outbound session (timeouts, no transaction open, no
redirects), our origin for every group of its methods, and the stable access token, which all processes share.
"""

import threading
import time
from functools import cache as once
from typing import Any

from django.conf import settings
from django.core.cache import cache
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.session import SessionStorage

from wallet_project.kit.outbound import OutboundSession

__all__ = ["BUSY", "MiniProgramClient", "WeChatClientException", "client", "post"]

OFFICIAL_ORIGIN = "https://api.weixin.qq.com"
STALE_TOKEN = {40001, 40014, 42001}
BUSY = {-1, 45009, 45011}  # WeChat is, or we asked too often: the same again, later
TOKEN_MARGIN_SECONDS = 300
LOCK_SECONDS = 5


def post(endpoint: str, data: dict[str, Any]) -> Any:
    """
    A call with the access token; once more, not again, when the shared one turns out to be stale.

    :raises NoAnswer: as kit.outbound says
    :raises WeChatClientException: an errcode, in `errcode`
    """
    ours = client()
    token = ours.access_token
    try:
        return ours.post(endpoint, params={"access_token": token}, data=data)
    except WeChatClientException as error:
        if error.errcode not in STALE_TOKEN:
            raise
    ours.session.forget(ours.access_token_key, stale=token)
    return ours.post(endpoint, params={"access_token": ours.access_token}, data=data)


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


class MiniProgramClient(WeChatClient):
    def __init__(self, *, appid: str, secret: str, origin: str) -> None:
        # auto_retry would repeat a refused token without end.
        super().__init__(appid, secret, session=_SharedToken(), auto_retry=False)
        self._http = OutboundSession(has_circuits=True)
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
        return f"wechat.access_token:{self.appid}"


@once
def client_of(appid: str, secret: str, origin: str) -> MiniProgramClient:
    return MiniProgramClient(appid=appid, secret=secret, origin=origin)


def client() -> MiniProgramClient:
    ours = settings.WECHAT
    return client_of(ours["appid"], ours["app_secret"], ours["api_url"])
