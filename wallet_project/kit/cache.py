"""A Redis cache that may vanish: a miss instead of an error, and no waiting on a dead server."""

import json
import time
from collections.abc import Callable
from typing import Any, cast

from django.core.cache import cache as default_cache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

_REST_SECONDS = 2.0  # after a failure the server is left alone for this long


class CacheUnavailable(Exception):
    """The cache cannot be reached; only callers that must know see this."""


class PlainValues:
    """
    Values as JSON. Django's own serializer pickles, and whoever can write to the server could run code here.

    Dates and the like are the caller's to write as text; a value that JSON cannot hold raises TypeError.
    """

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else json.dumps(value, ensure_ascii=False).encode()

    def loads(self, stored: bytes) -> Any:
        """:raises ValueError: nobody of us wrote this"""
        return json.loads(stored)


class _LastingClients(RedisCacheClient):
    """Django makes a client for every call, which costs as much; one to read and one to write do."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; a failure, or a value that is not ours, reads as "not there"."""

    _resting_until = 0.0

    def __init__(self, server: Any, params: Any) -> None:
        super().__init__(server, params)
        self._class = _LastingClients

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return self._try(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)
        except ValueError:
            return default

    def set(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        self._try(lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version), None)

    def add(self, key: Any, value: Any, timeout: Any = 300, version: int | None = None) -> bool:
        return self._try(
            lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version), default=False
        )

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._try(lambda: super(ForgivingRedisCache, self).delete(key, version), default=False)

    def set_for_certain(self, key: str, value: Any, *, timeout: int) -> None:
        """
        Store, or say that it could not be done.

        :raises CacheUnavailable: the server cannot be reached
        """
        self._must(lambda: super(ForgivingRedisCache, self).set(key, value, timeout))

    def swap(self, key: str, value: int, *, timeout: int) -> int | None:
        """
        Store a number; what was there before.

        :raises CacheUnavailable: the server cannot be reached
        """
        full_key = self.make_and_validate_key(key)
        before = self._must(
            lambda: self._cache.get_client(full_key, write=True).set(full_key, value, ex=timeout, get=True)
        )
        return None if before is None else int(before)

    def count(self, key: str, *, window: int, by: int = 1) -> int:
        """
        One more, or so many, in the current window of seconds; the number so far.

        :raises CacheUnavailable: the server cannot be reached
        """
        full_key = self.make_and_validate_key(f"{key}:{int(time.time()) // window}")

        def increment() -> int:
            pipeline = self._cache.get_client(full_key, write=True).pipeline(transaction=False)
            pipeline.incr(full_key, by)
            pipeline.expire(full_key, window)
            return pipeline.execute()[0]

        return self._must(increment)

    def _try(self, action: Callable[[], Any], default: Any) -> Any:
        try:
            return self._must(action)
        except CacheUnavailable:
            return default

    def _must(self, action: Callable[[], Any]) -> Any:
        if time.monotonic() < type(self)._resting_until:
            raise CacheUnavailable
        try:
            return action()
        except (RedisError, OSError) as error:
            type(self)._resting_until = time.monotonic() + _REST_SECONDS
            raise CacheUnavailable from error


# Django's own cache, known for what ours can do besides.
cache = cast(ForgivingRedisCache, default_cache)
