"""
Which TCP port on 127.0.0.1 to use: the usual one, or a free one when somebody else has it.

Two systems that start at once both find the usual ports free; so a usual port is also locked, by a file, for
as long as the launcher lives that took it.
"""

import fcntl
import socket
import tempfile
from pathlib import Path
from typing import IO

from wallet_project.launcher.screen import LaunchError, say

_locked: list[IO[bytes]] = []  # open as long as this process lives

USUAL = {"web": 8000, "sandbox": 8100, "chat": 8200, "PostgreSQL": 5442, "Valkey": 6390}


def usual_port(owner: str) -> int:
    """
    The owner's usual port when it is free, else any; a change is said aloud.

    :raises LaunchError: the machine has no free port
    """
    usual = USUAL[owner]
    if _is_free(usual) and _lock(usual):
        return usual
    port = any_port(owner)
    say(f"端口 {usual} 被占用，{owner} 改用 {port}", f"port {usual} is busy, {owner} takes {port}")
    return port


def any_port(owner: str) -> int:
    """:raises LaunchError: the machine has no free port"""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 0))
        except OSError:
            raise LaunchError(
                f"本机没有空闲的端口给 {owner}", f"This machine has no free port for {owner}"
            ) from None
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection that lingers is nobody's
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _lock(port: int) -> bool:
    """Whether no other launcher on this machine has taken it."""
    try:
        file = Path(tempfile.gettempdir(), f"wallet-port-{port}.lock").open("ab")  # noqa: SIM115 - stays open
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody else's file, or somebody else's port
        return False
    _locked.append(file)
    return True
