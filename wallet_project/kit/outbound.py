"""The outbound session: pooled, timed out, never inside a transaction, no redirects, nothing secret logged."""

import logging
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from wallet_project.kit.db import forbid_transaction

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0


class NoAnswer(Exception):
    """
    The other side did not answer.

    `sent` False: the request never left, so nothing happened there. True: unknown, it may have acted.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class OutboundSession(requests.Session):
    """A requests session that third-party clients may be given, too."""

    def __init__(
        self, *, pool_size: int = 32, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
    ) -> None:
        super().__init__()
        self.timeout = timeout
        self.trust_env = False
        adapter = HTTPAdapter(pool_connections=4, pool_maxsize=pool_size, max_retries=0)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        forbid_transaction()
        kwargs["timeout"] = kwargs.get("timeout") or self.timeout
        kwargs["allow_redirects"] = False
        address = urlsplit(str(url))
        started = time.monotonic()
        facts: dict[str, Any] = {"method": str(method).upper(), "host": address.netloc, "path": address.path}
        try:
            response = super().request(method, url, *args, **kwargs)
        except requests.RequestException as error:
            facts["ms"] = round((time.monotonic() - started) * 1000)
            logger.warning("kit.outbound.no_answer", extra={**facts, "error": type(error).__name__})
            raise
        facts["ms"] = round((time.monotonic() - started) * 1000)
        logger.info("kit.outbound", extra={**facts, "status": response.status_code})
        return response


def send(
    session: OutboundSession, method: str, url: str, *, headers: dict[str, str], body: bytes = b""
) -> requests.Response:
    """
    One request, as bytes.

    :raises NoAnswer: with `sent` telling whether the other side may have acted
    """
    try:
        return session.request(method, url, data=body or None, headers=headers)
    except requests.ConnectTimeout as error:
        raise NoAnswer("connect timeout", sent=False) from error
    except requests.ConnectionError as error:
        raise NoAnswer("connection failed", sent=not _never_connected(error)) from error
    except requests.RequestException as error:
        raise NoAnswer(type(error).__name__, sent=True) from error


def _never_connected(error: requests.ConnectionError) -> bool:
    """urllib3 says NewConnectionError or NameResolutionError when not a byte was sent."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
