"""The private servers, really started."""

import os
from pathlib import Path

import psycopg2
import pytest
import redis

from wallet_project.launcher.keys import keys_in
from wallet_project.launcher.places import Place
from wallet_project.launcher.ports import any_port
from wallet_project.launcher.postgres import PASSING, Postgres
from wallet_project.launcher.processes import Supervisor
from wallet_project.launcher.servers import start_servers
from wallet_project.launcher.valkey import Valkey

pytestmark = pytest.mark.system


def started_postgres(place: Place, supervisor: Supervisor) -> Postgres:
    postgres = Postgres(place=place, port=any_port("test"), keys=keys_in(place.folder), options=PASSING)
    postgres.start(supervisor)
    return postgres


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_postgres_knows_chinese_letters_and_asks_for_a_password(place: Place, supervisor: Supervisor) -> None:
    postgres = started_postgres(place, supervisor)

    ask(postgres.owner_url, "CREATE EXTENSION pg_trgm")
    assert ask(postgres.owner_url, "SELECT cardinality(show_trgm('微信钱包'))") > 0
    assert ask(postgres.owner_url, "SELECT datctype FROM pg_database WHERE datname = 'wallet'") == "C.UTF-8"
    with pytest.raises(psycopg2.OperationalError, match=r"no password|password authentication"):
        psycopg2.connect(postgres.owner_url.replace(postgres.keys.owner_password, "guess"))


def test_the_application_may_not_change_tables(place: Place, supervisor: Supervisor) -> None:
    postgres = started_postgres(place, supervisor)

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(postgres.application_url, "CREATE TABLE mine (id int)")
    assert (
        ask(postgres.application_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    )


def test_postgres_keeps_its_rows_and_ignores_a_pid_of_before_the_reboot(
    place: Place, supervisor: Supervisor
) -> None:
    first = started_postgres(place, supervisor)
    ask(first.owner_url, "CREATE TABLE kept AS SELECT '留下' AS word")
    supervisor.stop()
    # The number belongs to somebody else now: PostgreSQL alone would refuse to start.
    lines = [str(os.getppid()), str(first.data), "0", str(first.port), "", "127.0.0.1", "0 0", "ready"]
    (first.data / "postmaster.pid").write_text("\n".join(lines) + "\n")

    again = started_postgres(place, supervisor)

    assert ask(again.owner_url, "SELECT word FROM kept") == "留下"


def test_valkey_keeps_what_it_was_told_and_asks_for_a_password(place: Place, supervisor: Supervisor) -> None:
    valkey = Valkey(place=place, port=any_port("test"), keys=keys_in(place.folder))
    valkey.start(supervisor)
    redis.Redis.from_url(valkey.url).set("word", "留下")
    supervisor.stop()

    valkey.start(supervisor)

    assert redis.Redis.from_url(valkey.url).get("word").decode() == "留下"
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).get("word")


def test_servers_of_the_environment_are_used_instead(
    place: Place, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@db.example.com/wallet")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example.com/0")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)

    addresses = start_servers(
        supervisor, place=place, keys=keys_in(place.folder), port_for=any_port, postgres_options=PASSING
    )

    assert addresses.database == addresses.database_owner == "postgresql://me@db.example.com/wallet"
    assert addresses.redis == "redis://cache.example.com/0"
    assert supervisor.processes == []
    assert not (place.store / "postgres").exists()


def test_secrets_are_for_our_eyes_only(place: Place, supervisor: Supervisor) -> None:
    postgres = started_postgres(place, supervisor)
    valkey = Valkey(place=place, port=any_port("test"), keys=postgres.keys)
    valkey.start(supervisor)

    for secret in (place.folder / "keys.json", valkey.configuration, postgres.data):
        assert secret.stat().st_mode & 0o077 == 0
    commands = " ".join([*postgres.process.command, *valkey.process.command])
    assert postgres.keys.owner_password not in commands
    assert postgres.keys.valkey_password not in commands
    assert not (Path(place.store) / "postgres.password").exists()
