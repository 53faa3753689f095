"""
Circuit breakers: what keeps failing is left alone for a while, then tried by one request, not by all.

Each process finds out for itself and needs nobody to tell it; what rests is noted in the cache for people.
"""

import logging
import re
import threading
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache

from wallet_project.kit import clock

logger = logging.getLogger(__name__)

_NOTED = "kit.circuits"
_NOTED_SECONDS = 3600
_NUMBER = re.compile(r"/(?!v\d+(?:/|$))[^/]*\d[^/]*")


class CircuitOpen(Exception):
    """It rests for so many `seconds` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__("circuit open")
        self.seconds = seconds


class Circuit:
    """
    Closed until CIRCUIT_FAILURES requests in a row have failed; then open for CIRCUIT_REST_SECONDS.

    After that one request may pass. Its success closes the circuit, its failure opens it again, and while it
    is under way, or lost, the others rest on.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._failures = 0
        self._rests_until = 0.0
        self._lock = threading.Lock()

    def enter(self) -> None:
        """:raises CircuitOpen: leave it alone"""
        with self._lock:
            if self._failures < settings.CIRCUIT_FAILURES:
                return
            left = self._rests_until - time.monotonic()
            if left > 0:
                raise CircuitOpen(left)
            self._rest()

    def succeeded(self) -> None:
        with self._lock:
            was_open = self._failures >= settings.CIRCUIT_FAILURES
            self._failures = 0
        if was_open:
            logger.warning("kit.circuit.closed", extra={"api": self.name})
            _note(self.name, None)

    def failed(self, reason: str) -> None:
        with self._lock:
            self._failures += 1
            if self._failures < settings.CIRCUIT_FAILURES:
                return
            self._rest()
        logger.error("kit.circuit.opened", extra={"api": self.name, "reason": reason})
        until = clock.now() + timedelta(seconds=settings.CIRCUIT_REST_SECONDS)
        _note(self.name, {"api": self.name, "reason": reason, "until": clock.iso(until)})

    def _rest(self) -> None:
        self._rests_until = time.monotonic() + settings.CIRCUIT_REST_SECONDS


def circuit_of(method: str, host: str, path: str) -> Circuit:
    """One for each API: what differs in a number only is the same."""
    name = f"{method} {host}{_NUMBER.sub('/…', path)}"
    return _circuits.setdefault(name, Circuit(name))


def open_circuits() -> list[dict[str, Any]]:
    """What rested lately and has not answered since, as far as any process has noted it."""
    return list((cache.get(_NOTED) or {}).values())


def close_all() -> None:
    """For tests: what failed in one has not failed in the next."""
    _circuits.clear()


_circuits: dict[str, Circuit] = {}


def _note(name: str, facts: dict[str, Any] | None) -> None:
    noted = cache.get(_NOTED) or {}
    noted.pop(name, None)
    if facts:
        noted[name] = facts
    cache.set(_NOTED, noted, timeout=_NOTED_SECONDS)
