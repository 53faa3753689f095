"""Which TCP port on 127.0.0.1 to use: the usual one, or a free one when somebody else has it."""

import socket

from wallet_project.launcher.screen import Refusal, say


def choose_port(*, usual: int, owner: str) -> int:
    """
    The usual port when it is free, else any; a change is said aloud.

    :raises Refusal: the machine has no free port
    """
    if _is_free(usual):
        return usual
    port = free_port()
    say(f"端口 {usual} 被占用，{owner} 改用 {port}", f"port {usual} is busy, {owner} takes {port}")
    return port


def free_port() -> int:
    """:raises Refusal: the machine has no free port"""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 0))
        except OSError:
            raise Refusal("本机没有空闲的端口", "This machine has no free port") from None
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection that lingers is nobody's
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
