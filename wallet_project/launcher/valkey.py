"""A private Valkey on 127.0.0.1 with a generated password; queued work is on disk and survives a restart."""

from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from wallet_project.launcher.binaries import valkey_program
from wallet_project.launcher.keys import Keys
from wallet_project.launcher.places import Place
from wallet_project.launcher.processes import Process, Supervisor


class Valkey:
    """One server: its address and the process behind it."""

    def __init__(self, *, place: Place, port: int, keys: Keys) -> None:
        self.place = place
        self.port = port
        self.keys = keys
        self.configuration = place.make_store_folder("valkey") / "valkey.conf"
        self.process = Process(
            name="valkey",
            command=[str(valkey_program(place.account)), str(self.configuration)],
            log=place.logs / "valkey.log",
            environment={"LC_ALL": "C.UTF-8"},
            account=place.account,
        )

    @property
    def url(self) -> str:
        return f"redis://:{self.keys.valkey_password}@127.0.0.1:{self.port}/0"

    def start(self, supervisor: Supervisor) -> None:
        self._configure()
        supervisor.start(self.process)
        supervisor.wait_until(self._answers, process=self.process, seconds=30)

    def _configure(self) -> None:
        """In a file, because everybody can read a command line."""
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.keys.valkey_password}",
            f"dir {_quoted(self.configuration.parent)}",
            "appendonly yes",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
        ]
        self.place.write_for_servers(self.configuration, "\n".join(lines) + "\n")

    def _answers(self) -> bool:
        # redis-py tries three times with pauses unless told not to, which would make every start slow.
        client = redis.Redis.from_url(self.url, retry=Retry(NoBackoff(), 0), socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
