"""So many per window for each person, or for each address when nobody is logged in."""

import re
import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from wallet_project.kit.api.middleware import client_ip
from wallet_project.kit.cache import CacheUnavailable, cache
from wallet_project.kit.errors import TooManyRequests

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}

# While the shared counters are away each process counts for itself: stricter than nothing, and nobody who
# behaves is locked out. Limits that guard money are rows in PostgreSQL, not throttles.
_own_counts: dict[str, int] = {}


class ScopedThrottle(BaseThrottle):
    """A fixed window per `throttle_scope`, counted atomically in Valkey."""

    def __init__(self) -> None:
        self.window = 60

    def allow_request(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "throttle_scope", None)
        if scope is None:
            return True
        limit, self.window = _rate_of(scope)
        return _count(f"throttle:{scope}:{_who(request)}", self.window) <= limit

    def wait(self) -> float:
        return self.window - time.time() % self.window


# Between two taps of a finger on one button. Whoever is faster so often within ten minutes is a program.
FASTEST_MILLISECONDS = 50
TOO_FAST_TIMES = 3
_STAYS_AWAY = 600
_PROGRAMS = re.compile(r"headless|phantomjs|puppeteer|playwright|selenium|webdriver|scrapy", re.IGNORECASE)


class HumanPace(BaseThrottle):
    """For doors that give away what is scarce: a program that asks, and no person, stays away for a while."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method != "POST":
            return True
        if _PROGRAMS.search(request.headers.get("User-Agent", "")):
            return False
        key, now = f"{view.throttle_scope}:{_who(request)}", int(time.time() * 1_000)
        try:
            before = cache.swap(f"asked:{key}", now, timeout=_STAYS_AWAY)
            hasty = before is not None and now - before < FASTEST_MILLISECONDS
            return cache.count(f"hasty:{key}", window=_STAYS_AWAY, by=int(hasty)) < TOO_FAST_TIMES
        except CacheUnavailable:
            return True  # the other throttle counts on

    def wait(self) -> float:
        return _STAYS_AWAY - time.time() % _STAYS_AWAY


def require_rate(scope: str, *, user_id: int) -> None:
    """
    For what comes in by another way than a request: counted together with this person's requests.

    :raises TooManyRequests: more than the scope allows
    """
    limit, window = _rate_of(scope)
    if _count(f"throttle:{scope}:{user_id}", window) > limit:
        raise TooManyRequests(retry_after=int(window - time.time() % window) or 1)


def _rate_of(scope: str) -> tuple[int, int]:
    """How often, in how many seconds."""
    number, _, unit = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][scope].partition("/")
    return int(number), _SECONDS[unit]


def _who(request: Request) -> str:
    return str(request.user.pk) if request.user else client_ip(request._request)


def _count(key: str, window: int) -> int:
    try:
        return cache.count(key, window=window)
    except CacheUnavailable:
        if len(_own_counts) > 10_000:
            _own_counts.clear()
        own = f"{key}:{int(time.time()) // window}"
        _own_counts[own] = _own_counts.get(own, 0) + 1
        return _own_counts[own]
