"""One whole system per session: every process of `make run`, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from wallet_project.launcher.tests.launched import Launched
from wallet_project.management.clients import MiniProgram
from wallet_project.sandbox.client import Sandbox


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """In memory where that can be: each recovery after a kill -9 reads and writes all of it."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of one's own below it
    below = tmp_path_factory.getbasetemp() if not memory.is_dir() else memory
    with TemporaryDirectory(prefix="整 套系统", dir=below, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the servers' account passes through
        launched = Launched(Path(folder), screen="screen.txt")
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
