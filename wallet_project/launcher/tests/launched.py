"""Starts `python -m wallet_project.launcher` as a person would, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wallet_project.launcher.places import CHECKOUT

OURS = {
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "SECRET_KEY",
    "FIELD_KEYS",
    "INDEX_KEYS",
    "PIN_PEPPER",
}


def fresh_environment(var: Path) -> dict[str, str]:
    """As in a new terminal: nothing of the suite that runs us."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | {"WALLET_VAR": str(var)}


def wait_until(happened: Callable[[], Any], *, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := happened():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} seconds")


def group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Launched:
    """One `make run`."""

    def __init__(self, var: Path, *, screen: str) -> None:
        self.var = var
        self.output = var / screen
        var.mkdir(exist_ok=True)
        with self.output.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wallet_project.launcher", "run"],
                cwd=CHECKOUT,
                env=fresh_environment(var),
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def when_ready(self) -> dict[str, Any]:
        """The content of run.json."""
        wait_until(lambda: self.process.poll() is not None or self._tells_of_us(), seconds=180)
        assert self.process.poll() is None, self.screen
        return json.loads((self.var / "run.json").read_text())

    @property
    def screen(self) -> str:
        return self.output.read_text()

    @property
    def pids(self) -> dict[str, int]:
        entries = json.loads((self.var / "run" / "processes.json").read_text())
        return {entry["name"]: entry["pid"] for entry in entries}

    def execute(self, *command: str) -> str:
        """What a command says inside the running system."""
        done = subprocess.run(
            [sys.executable, "-m", "wallet_project.launcher", "exec", *command],
            cwd=CHECKOUT,
            env=fresh_environment(self.var),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """The exit code; kills what does not obey so that nothing outlives the test."""
        self.process.send_signal(number)
        try:
            return self.process.wait(timeout=60)
        finally:
            if self.process.poll() is None:
                self.process.kill()

    def _tells_of_us(self) -> bool:
        try:
            return json.loads((self.var / "run.json").read_text())["pid"] == self.process.pid
        except FileNotFoundError:
            return False
