"""A Valkey that is away, and a mini-program without a network in between."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import LoggedIn
from wallet_project.kit.cache import ForgivingRedisCache


@pytest.fixture
def valkey_away(settings: Any) -> Iterator[None]:
    """Nothing answers where the cache should be."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    nowhere = {"LOCATION": f"redis://127.0.0.1:{nobody}/0"}
    settings.CACHES = {**settings.CACHES, "default": settings.CACHES["default"] | nowhere}
    yield
    ForgivingRedisCache._resting_until = 0.0  # its rest must not tire the next test


@pytest.fixture
def client_of() -> Callable[[LoggedIn], APIClient]:
    def make(person: LoggedIn) -> APIClient:
        return APIClient(headers=person.as_header())

    return make
