"""A Valkey of one's own, which may be stopped and emptied without disturbing anybody."""

import logging
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kombu.pools
import pytest
import redis
from celery import current_app
from celery.contrib.testing.worker import start_worker
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from wallet_project.kit import jobs
from wallet_project.kit.api import throttling
from wallet_project.kit.cache import ForgivingRedisCache
from wallet_project.launcher.binaries import valkey_program


class PrivateValkey:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        # Patient: it is also asked whether the server has started.
        patience = Retry(ConstantBackoff(0.05), 100)
        self.client = redis.Redis.from_url(self.url, retry=patience, retry_on_error=[redis.ConnectionError])

    def start(self) -> None:
        command = [str(valkey_program(None)), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)  # noqa: S603
        self.client.ping()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[PrivateValkey]:
    server = PrivateValkey(tmp_path)
    server.start()
    yield server
    server.client.close()
    server.stop()


@pytest.fixture
def broker(valkey: PrivateValkey) -> Iterator[PrivateValkey]:
    """A real broker of our own instead of tasks that run where they are queued."""
    conf = current_app.conf
    before = conf.task_always_eager, conf.broker_url

    def use(*, eager: bool, url: str) -> None:
        conf.task_always_eager, conf.broker_url = eager, url
        kombu.pools.reset()
        current_app._pool = current_app.amqp._producer_pool = None

    use(eager=False, url=valkey.url)
    yield valkey
    use(eager=before[0], url=before[1])


@pytest.fixture
def worker(broker: PrivateValkey, committed_db: None) -> Iterator[Callable[[], Any]]:
    """Starts one, for the length of a block."""
    level = logging.getLogger().level
    yield lambda: start_worker(current_app, pool="solo", perform_ping_check=False, shutdown_timeout=30)
    logging.getLogger().setLevel(level)  # Celery's test worker raises it to ERROR for everybody


@pytest.fixture(autouse=True)
def _well_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody still leaves a server alone, or counts, because of what another test did."""
    monkeypatch.setattr(ForgivingRedisCache, "_resting_until", 0.0)
    monkeypatch.setattr(jobs, "_resting_until", 0.0)
    monkeypatch.setattr(throttling, "_own_counts", {})


@pytest.fixture
def cache_at(settings: Any) -> Any:
    """Our own cache class with our own settings, at another address."""
    return lambda url: ForgivingRedisCache(url, {**settings.CACHES["default"], "LOCATION": url})
