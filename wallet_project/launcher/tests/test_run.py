"""`make run`, from the first start to kill -9."""

import os
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from wallet_project.launcher.ports import USUAL
from wallet_project.launcher.tests.launched import Launched, group_lives, wait_until

pytestmark = pytest.mark.system

SQL = "import os, sys, psycopg2; c = psycopg2.connect(os.environ['DATABASE_OWNER_URL']); k = c.cursor(); "
SQL += "k.execute(sys.argv[1]); print(k.fetchone()[0] if k.description else ''); c.commit()"


@pytest.fixture
def launch(var: Path) -> Iterator[Callable[[str], Launched]]:
    """Start, as often as one likes, and end what a failed test left."""
    started: list[Launched] = []

    def start(screen: str) -> Launched:
        started.append(Launched(var, screen=screen))
        return started[-1]

    yield start
    for launched in started:
        if launched.process.poll() is None:
            launched.stop()


def status_of(url: str) -> int:
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=5)
    connection.request("GET", address.path or "/")
    return connection.getresponse().status


@contextmanager
def somebody_else_on(port: int) -> Iterator[None]:
    with socket.socket() as server:
        with suppress(OSError):  # somebody really has it
            server.bind(("127.0.0.1", port))
            server.listen()
        yield


def test_make_run_from_the_first_start_to_the_last_stop(launch: Callable[[str], Launched]) -> None:
    """One story instead of several tests, because every start costs as much as all of these looks."""
    with somebody_else_on(USUAL["web"]):
        first = launch("first.txt")
        facts = first.when_ready()

    # Everything answers, on a free port, and screen and run.json say the same.
    urls = facts["urls"]
    assert {status_of(urls[name]) for name in ("web", "docs", "sandbox_console")} == {200}
    assert status_of(f"{urls['web']}/readyz") == 200
    assert urlsplit(urls["web"]).port != USUAL["web"]
    assert f"port {USUAL['web']} is busy" in first.screen
    assert urls["web"] in first.screen
    assert all(person["username"] in first.screen for person in facts["staff"])
    assert stat.S_IMODE((first.var / "run.json").stat().st_mode) == 0o600

    # A command inside the system sees its environment.
    assert first.execute("python", "-c", "import os; print(os.environ['PUBLIC_URL'])") == urls["web"]
    first.execute("python", "-c", SQL, "CREATE TABLE kept AS SELECT '留下' AS word")

    # A second start in the same folder is refused and disturbs nothing.
    second = launch("second.txt")
    assert second.process.wait(timeout=20) == 1
    assert f"already running (process {first.process.pid})" in second.screen
    assert status_of(f"{urls['web']}/readyz") == 200

    # kill -9: the next start ends what was left, and every row is still there.
    left = first.pids
    first.stop(signal.SIGKILL)
    third = launch("third.txt")
    assert third.when_ready()["staff"] == facts["staff"]
    assert not [name for name, pid in left.items() if group_lives(pid)]
    assert third.execute("python", "-c", SQL, "SELECT word FROM kept") == "留下"

    # A process that dies is started again.
    pids = third.pids
    os.kill(pids["relay"], signal.SIGKILL)
    wait_until(lambda: third.pids["relay"] != pids["relay"], seconds=10)
    assert "relay died unexpectedly" in third.screen

    # Ctrl-C ends everything.
    pids = third.pids
    assert third.stop(signal.SIGINT) == 0
    assert not [name for name, pid in pids.items() if group_lives(pid)]
    assert not (third.var / "run.json").exists()
