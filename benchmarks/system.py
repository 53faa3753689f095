"""The product's own processes on the benchmark's database, as `make run` starts them."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from wallet_project.launcher.ports import any_port
from wallet_project.launcher.processes import Process
from wallet_project.launcher.system import RELAY, WORKERS, beat, web, worker

_SECONDS_TO_START = 60


@contextmanager
def web_server(**environment: str) -> Iterator[str]:
    """Its address, once it answers."""
    port = any_port("web")
    address = f"127.0.0.1:{port}"
    with _running({"web": web(port)}, environment | {"PUBLIC_URL": f"http://{address}"}):
        _wait_until_ready(address)
        yield address


@contextmanager
def background(folder: Path, **environment: str) -> Iterator[None]:
    """The workers of every queue, beat and relay. They take a while to get ready."""
    commands = {name: worker(name) for name in WORKERS} | {"beat": beat(folder), "relay": RELAY}
    with _running(commands, environment):
        yield


@contextmanager
def _running(commands: Mapping[str, list[str]], environment: Mapping[str, str]) -> Iterator[None]:
    with ExitStack() as running:
        for name, arguments in commands.items():
            process = Process(
                name=name,
                command=[sys.executable, *arguments],
                log=Path(os.devnull),
                environment={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "wallet_project.settings.dev",
                    **environment,
                },
            )
            process.start()
            running.callback(process.stop)
        yield


def _wait_until_ready(address: str) -> None:
    for _second in range(_SECONDS_TO_START):
        try:
            connection = HTTPConnection(address, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(1)
    raise TimeoutError("the web server did not start")
