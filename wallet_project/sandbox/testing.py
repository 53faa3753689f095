"""A sandbox process of one's own, for the length of a `with`."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from wallet_project.sandbox.client import Sandbox

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30


class LocalSandbox(Sandbox):
    """A sandbox on this machine, whose credentials can be read as a merchant would hold them."""

    def __init__(self, base_url: str, *, directory: Path) -> None:
        super().__init__(base_url)
        self.directory = directory

    @property
    def credentials(self) -> dict[str, str]:
        return json.loads((self.directory / "credentials.json").read_text())


@contextmanager
def running_sandbox(directory: Path) -> Iterator[LocalSandbox]:
    """Start a sandbox with its keys and book in `directory`, wait until it answers, stop it by its pid."""
    # An island: it is told nothing of the product's settings, database or keys.
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
        "SANDBOX_DIR": str(directory),
        "PYTHONPATH": str(ROOT),
        "SANDBOX_ENDS_AFTER": "0.1",
    }
    prepare = [sys.executable, "-m", "wallet_project.sandbox.prepare"]
    subprocess.run(prepare, env=environment, cwd=ROOT, check=True)  # noqa: S603  our own module
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "wallet_project.sandbox.wsgi:application"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "16"),
    ]
    with (directory / "sandbox.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)  # noqa: S603  our own
    try:
        sandbox = LocalSandbox(f"http://127.0.0.1:{port}", directory=directory)
        _wait_until_ready(sandbox, process)
        yield sandbox
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(sandbox: LocalSandbox, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            sandbox.book()
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the sandbox did not start; see {sandbox.directory / 'sandbox.log'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
