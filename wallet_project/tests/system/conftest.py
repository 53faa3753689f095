"""One whole system per session: every process of `make run`, in a folder of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from wallet_project.launcher.tests.launched import Launched
from wallet_project.management.clients import MiniProgram
from wallet_project.sandbox.client import Sandbox


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    launched = Launched(tmp_path_factory.mktemp("整 套系统"), screen="screen.txt")
    try:
        launched.when_ready()
        yield launched
    finally:
        launched.stop()


@pytest.fixture
def facts(system: Launched) -> dict[str, Any]:
    """run.json, as a script would read it."""
    return system.when_ready()


@pytest.fixture
def person(facts: dict[str, Any]) -> MiniProgram:
    """Somebody new with a mini-program."""
    customer = MiniProgram(facts["urls"]["web"], Sandbox(facts["urls"]["sandbox"]))
    customer.log_in()
    return customer
