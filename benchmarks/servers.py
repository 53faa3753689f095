"""Databases of the benchmark's own on the server it is given, and pgbench on them."""

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

HERE = Path(__file__).parent
LEDGER, ANCHOR = "bench_ledger", "bench_anchor"


class Server:
    """Two addresses from the environment: the owner's may create databases, ours is the application's."""

    def __init__(self) -> None:
        self.owner = os.environ["DATABASE_OWNER_URL"]
        self.application = os.environ["DATABASE_URL"]
        self.programs = Path(os.environ["PG_BIN"])

    def fresh_database(self, name: str) -> None:
        with closing(psycopg2.connect(self.owner)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {name}")

    def migrate(self, name: str) -> None:
        address = on_database(self.owner, name)
        environment = {**os.environ, "DATABASE_URL": address, "DATABASE_OWNER_URL": address}
        command = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0"]
        subprocess.run(command, check=True, env=environment, cwd=HERE.parent)

    def as_owner(self, name: str, statement: str, **values: object) -> list[tuple]:
        with closing(psycopg2.connect(on_database(self.owner, name))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []

    def make_anchor(self, scale: int) -> None:
        self.fresh_database(ANCHOR)
        self._pgbench(self.owner, ANCHOR, "-i", "-q", "-s", str(scale))

    def anchor(self, *, seconds: int, clients: int) -> float:
        """Transactions per second of TPC-B, the yardstick."""
        options = ("-b", "tpcb-like", *_load(seconds, clients))
        return _speed(self._pgbench(self.owner, ANCHOR, *options))

    def script(self, name: str, *, seconds: int, clients: int, customers: int) -> float:
        """Transactions per second of one of our scripts, as the application's role."""
        options = ("-n", "-f", str(HERE / "scripts" / f"{name}.sql"), *_load(seconds, clients))
        variables = ("-D", f"customers={customers}", "-D", "hash='0123456789abcdef'")
        return _speed(self._pgbench(self.application, LEDGER, *options, *variables))

    def _pgbench(self, address: str, name: str, *options: str) -> str:
        command = [str(self.programs / "pgbench"), *options, on_database(address, name)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def on_database(address: str, name: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def _load(seconds: int, clients: int) -> tuple[str, ...]:
    return ("-M", "simple", "-T", str(seconds), "-c", str(clients), "-j", "2")


def _speed(said: str) -> float:
    found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    if not found:
        raise ValueError(f"pgbench did not say how fast it was: {said}")
    return float(found.group(1))
