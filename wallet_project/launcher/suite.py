"""`test` and `bench`: fresh private servers for one command, gone when it ends."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from wallet_project.launcher.binaries import postgres_programs
from wallet_project.launcher.environment import Addresses, common_environment, product_environment
from wallet_project.launcher.keys import Keys, keys_in
from wallet_project.launcher.places import CHECKOUT, passing_place
from wallet_project.launcher.ports import any_port
from wallet_project.launcher.postgres import LASTING, PASSING
from wallet_project.launcher.processes import (
    Interruptions,
    Stopped,
    Supervisor,
    end_with_launcher,
    stop_orphans,
)
from wallet_project.launcher.screen import LaunchError
from wallet_project.launcher.servers import start_servers

SECONDS_TO_STOP = 10


def test(arguments: list[str]) -> int:
    """The whole suite, or what the arguments choose; pytest has the last line and decides the exit code."""
    with _fresh_servers("test", postgres_options=PASSING) as (supervisor, keys, addresses):
        environment = {
            **common_environment(),
            **product_environment(settings="test", keys=keys, addresses=addresses),
            "DATABASE_OWNER_URL": addresses.database_owner,
            "DATABASE_URL": addresses.database_owner,  # pytest makes its own database and changes roles
        }
        return _in_foreground([sys.executable, "-m", "pytest", *arguments], environment, supervisor)


def bench(arguments: list[str]) -> int:
    """The benchmarks, on servers that write to disk as in production."""
    with _fresh_servers("bench", postgres_options=LASTING) as (supervisor, keys, addresses):
        environment = {
            **common_environment(),
            **product_environment(settings="dev", keys=keys, addresses=addresses),
            "DATABASE_OWNER_URL": addresses.database_owner,
            "PG_BIN": str(postgres_programs(None)),
        }
        return _in_foreground([sys.executable, "-m", "benchmarks", *arguments], environment, supervisor)


@contextmanager
def _fresh_servers(
    name: str, *, postgres_options: dict[str, str]
) -> Iterator[tuple[Supervisor, Keys, Addresses]]:
    interruptions = Interruptions()
    interruptions.listen()
    with passing_place(name, stop_orphans=stop_orphans) as place:
        supervisor = Supervisor(register=place.register, interruptions=interruptions)
        try:
            keys = keys_in(place.folder)
            addresses = start_servers(
                supervisor, place=place, keys=keys, port_for=any_port, postgres_options=postgres_options
            )
            yield supervisor, keys, addresses
        finally:
            supervisor.stop()


def _in_foreground(command: list[str], environment: dict[str, str], supervisor: Supervisor) -> int:
    """The command keeps our terminal, so Ctrl-C reaches it directly."""
    child = subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, preexec_fn=end_with_launcher(signal.SIGTERM)
    )
    try:
        while child.poll() is None:
            supervisor.watch()
            supervisor.interruptions.pause(0.05)
    except Stopped:
        if supervisor.interruptions.asked != signal.SIGINT:
            child.terminate()
    except LaunchError:
        child.terminate()
        raise
    finally:
        try:
            child.wait(timeout=SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    return child.returncode if child.returncode >= 0 else 128 - child.returncode
