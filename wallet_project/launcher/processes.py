"""Starts processes, notices their death, starts them again, and leaves none behind."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from wallet_project.launcher.places import CHECKOUT, Account, write_private
from wallet_project.launcher.screen import LaunchError, say

QUICK_DEATH_SECONDS = 15
QUICK_DEATHS_ALLOWED = 5
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stopped(BaseException):
    """Somebody asked us to stop; raised only where we wait, so no process is ever half started."""


class Interruptions:
    """Turns Ctrl-C, SIGTERM and a closed terminal into Stopped at the next pause."""

    def __init__(self) -> None:
        self.asked = 0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started by nohup: the terminal may go
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: object) -> None:
        self.asked = number

    def pause(self, seconds: float) -> None:
        """:raises Stopped: a signal has arrived"""
        if not self.asked:
            time.sleep(seconds)
        if self.asked:
            raise Stopped


@dataclass
class Process:
    """One supervised process in a session of its own, its output in a log file."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 5.0
    deaths_allowed: int = QUICK_DEATHS_ALLOWED
    handle: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    quick_deaths: int = field(default=0, init=False)

    def start(self, *, answer: IO[bytes] | None = None) -> None:
        """Output goes to the log; `answer` takes what is printed to stdout instead."""
        with open(self.log, "ab") as log:
            self.handle = subprocess.Popen(
                self.command,
                cwd="/" if self.account else CHECKOUT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=answer or log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_launcher(self.stop_signal),
                **(self.account.as_popen() if self.account else {}),
            )
        self.started = time.monotonic()

    @property
    def running(self) -> bool:
        return self.handle is not None and self.handle.poll() is None

    def stop(self) -> None:
        if self.handle:
            _end(self.handle.pid, alive=lambda: self.running, first=self.stop_signal, patience=self.patience)

    def last_lines(self, count: int = 25) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([f"--- {self.log} ---", *lines[-count:]])


class Supervisor:
    """Keeps processes alive until told otherwise; started in order, stopped in reverse."""

    def __init__(self, *, register: Path, interruptions: Interruptions) -> None:
        self.register = register
        self.interruptions = interruptions
        self.processes: list[Process] = []

    def start(self, process: Process) -> None:
        process.log.unlink(missing_ok=True)
        self.processes.append(process)
        self._start(process)

    def wait_until(self, ready: Callable[[], bool], *, process: Process, seconds: float) -> None:
        """
        Watch everything while one of them gets ready.

        :raises LaunchError: it died too often or took too long
        """
        deadline = time.monotonic() + seconds
        while not (process.running and ready()):
            self.watch()
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"{process.name} 在 {seconds:.0f} 秒内没有就绪",
                    f"{process.name} was not ready within {seconds:.0f} seconds",
                    details=process.last_lines(),
                )
            self.interruptions.pause(0.05)

    def watch(self) -> None:
        """
        Start again whatever has died.

        :raises LaunchError: the same process keeps dying
        """
        for process in self.processes:
            if process.running or process.handle is None:
                continue
            quick = time.monotonic() - process.started < QUICK_DEATH_SECONDS
            process.quick_deaths = process.quick_deaths + 1 if quick else 1
            _kill_group(process.handle.pid)
            if process.quick_deaths >= process.deaths_allowed:
                raise LaunchError(
                    f"{process.name} 一启动就退出，已重试 {process.quick_deaths} 次（日志见上）",
                    f"{process.name} has died {process.quick_deaths} times in a row (its log is above)",
                    details=process.last_lines(),
                )
            say(
                f"{process.name} 意外退出（{process.handle.returncode}），重新启动",
                f"{process.name} died unexpectedly, starting it again; log: {process.log}",
            )
            self.interruptions.pause(0.15 * 2**process.quick_deaths)
            self._start(process)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()
        self.processes.clear()
        self.register.unlink(missing_ok=True)

    def _start(self, process: Process) -> None:
        process.start()
        entries = [
            {
                "name": each.name,
                "pid": each.handle.pid,
                "birth": _birth(each.handle.pid),
                "stop_signal": each.stop_signal,
                "patience": each.patience,
            }
            for each in self.processes
            if each.handle
        ]
        write_private(self.register, json.dumps(entries, indent=1))


def run_to_end(process: Process, *, interruptions: Interruptions) -> str:
    """
    Run one preparing command; its complaints go to its log, the answer is what it printed.

    :raises LaunchError: it failed
    """
    process.log.unlink(missing_ok=True)
    with TemporaryFile() as answer:
        process.start(answer=answer)
        try:
            while process.running:
                interruptions.pause(0.02)
        finally:
            process.stop()
        answer.seek(0)
        printed = answer.read().decode(errors="replace")
    if process.handle is None or process.handle.returncode != 0:
        raise LaunchError(
            f"{process.name} 失败（日志见上）",
            f"{process.name} failed (its log is above)",
            details=f"{printed}\n{process.last_lines()}",
        )
    return printed


def stop_orphans(register: Path) -> None:
    """End what a killed launcher has left running; process ids that others use by now are left alone."""
    with suppress(FileNotFoundError, json.JSONDecodeError):
        for entry in reversed(json.loads(register.read_text(encoding="utf-8"))):
            alive = partial(_is_alive, entry["pid"], birth=entry["birth"])
            if alive():
                _end(entry["pid"], alive=alive, first=entry["stop_signal"], patience=entry["patience"])
    register.unlink(missing_ok=True)


def end_with_launcher(number: int) -> Callable[[], None] | None:
    """On Linux the kernel sends the child this signal when we die without having stopped it (kill -9)."""
    if _libc is None:
        return None
    launcher = os.getpid()

    def ask_kernel() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != launcher:  # we died before the kernel knew
            os._exit(1)

    return ask_kernel


def _end(pid: int, *, alive: Callable[[], bool], first: int, patience: float) -> None:
    """Ask; wait; then kill its whole group, which also takes what the leader left behind."""
    with suppress(ProcessLookupError):
        if alive():
            os.kill(pid, first)
    _wait_while(alive, seconds=patience)
    _kill_group(pid)
    _wait_while(alive, seconds=2)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _wait_while(alive: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while alive() and time.monotonic() < deadline:
        time.sleep(0.02)


def _is_alive(pid: int, *, birth: str) -> bool:
    return birth != "" and _birth(pid) == birth


def _birth(pid: int) -> str:
    """When this process was started, in the system's words; empty when it is gone or waits to be reaped."""
    if sys.platform == "linux":
        try:
            facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
        state, *numbers = facts.rpartition(")")[2].split()
        return "" if state in "ZX" else numbers[18]
    command = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
