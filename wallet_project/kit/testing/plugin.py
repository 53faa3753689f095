"""
The suite's pytest plugin: databases.

Three ways to touch the database. `db` tests roll back. Where hundreds of tests look at the same town, it is
built once in `module_db`, and each test begins again from there with `db_again`. Tests marked `committed` use
`committed_db`: they commit for real on several connections and leave their rows behind, because a ledger that
could be emptied would not be one; so they make their own people and ask only about those. Their database is
another one, so that the others find theirs empty, whatever the order. All run as the application's role.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import connections, transaction

from wallet_project.kit import context
from wallet_project.kit.cache import ForgivingRedisCache
from wallet_project.kit.privileges import WALLET_APP_ROLE
from wallet_project.kit.testing.cold_cache import forget_everything

pytest_plugins = ["wallet_project.kit.testing.pace", "wallet_project.kit.testing.wire"]

_ROLE = f" -c role={WALLET_APP_ROLE}"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """
    Make the test database as its owner, then become the application's role. Of several workers the first
    leaves a copy for the others, who need not run the migrations again.
    """
    from django.test.utils import setup_databases, teardown_databases

    connection = connections["default"]
    keep = request.config.getvalue("reuse_db") and not request.config.getvalue("create_db")
    run = "" if keep else getattr(request.config, "workerinput", {}).get("testrunuid", "")
    pattern = f"test_pattern_{run}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        # Two workers may come at once; the role belongs to the whole server, the pattern to all of this run.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(726354)")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WALLET_APP_ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {WALLET_APP_ROLE}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [pattern])
        if copied := cursor.fetchone() is not None:
            ours = connection.creation._get_test_db_name()  # type: ignore[attr-defined] # each backend has it
            copy_database(cursor, pattern, to=ours)
        made = setup_databases(
            verbosity=0, interactive=False, keepdb=keep or copied, serialized_aliases=set()
        )
        connection.close()
        if leaves := bool(run) and not copied:
            copy_database(cursor, connection.settings_dict["NAME"], to=pattern)
        _make_committed(cursor, connection.settings_dict["NAME"], keep=keep)
    options = connection.settings_dict["OPTIONS"]
    options["options"] += _ROLE
    yield
    options["options"] = options["options"].removesuffix(_ROLE)
    with django_db_blocker.unblock():
        connection.close()
        if not keep:
            with connection._nodb_cursor() as cursor:
                # A live server's thread keeps its connection for as long as a client keeps its own.
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [connection.settings_dict["NAME"]],
                )
                cursor.execute(
                    f'DROP DATABASE "{committed_beside(connection.settings_dict["NAME"])}" WITH (FORCE)'
                )
            teardown_databases(made, verbosity=0)
        if leaves:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{pattern}"')


def committed_beside(name: str) -> str:
    """The database for tests that commit, of those for tests that do not."""
    return f"{name}_committed"


def _make_committed(cursor: Any, name: str, *, keep: bool) -> None:
    """As empty as its pattern, unless it is there and shall stay."""
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [committed_beside(name)])
    if not (keep and cursor.fetchone()):
        copy_database(cursor, name, to=committed_beside(name))


def copy_database(cursor: Any, pattern: str, *, to: str) -> None:
    """A new one, instead of any of this name. Only what nobody is connected to can be copied."""
    cursor.execute(f'DROP DATABASE IF EXISTS "{to}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{to}" TEMPLATE "{pattern}"')


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transaction round a whole module, for what is built once. Its tests take `db_again`, never `db`."""
    with django_db_blocker.unblock():
        with _rolled_back():
            yield
        connections.close_all()


@pytest.fixture
def db_again(module_db: None) -> Iterator[None]:
    """The database as `module_db` has it, whatever the test before did."""
    with _rolled_back():
        yield


@contextmanager
def _rolled_back() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined] # as Django's own: durable blocks may begin inside
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def among_the_committed() -> Iterator[None]:
    """For fixtures that outlive a test; the tests themselves take `committed_db`."""
    database = connections["default"].settings_dict
    name = database["NAME"]
    connections.close_all()
    database["NAME"] = committed_beside(name)
    try:
        yield
    finally:
        connections.close_all()
        database["NAME"] = name


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits, visible to every connection, never rolled back; in a database for them alone."""
    with django_db_blocker.unblock(), among_the_committed():
        yield


@pytest.fixture
def owner_cursor(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[Any]:
    """The database's owner on a connection of its own, autocommitting: tampers as no application could."""
    if "committed_db" in request.fixturenames:
        request.getfixturevalue("committed_db")  # it says which database
    with owner_of(connections["default"].settings_dict["NAME"]) as cursor:
        yield cursor


@contextmanager
def owner_of(name: str) -> Iterator[Any]:
    """The owner at a database of the same server."""
    database = connections["default"].settings_dict
    connection = psycopg2.connect(
        dbname=name,
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"] or None,
        port=database["PORT"] or None,
    )
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        yield cursor


class Outbox:
    """The relay, by hand."""

    def deliver(self) -> int:
        """Hand over every waiting event and run every waiting job, until nothing is left."""
        from wallet_project.kit import jobs, relay  # pytest loads this plugin before Django knows its apps

        done = 0
        while moved := relay.deliver_due() + jobs.send_due():
            done += moved
        return done


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture(autouse=True)
def _own_context() -> Iterator[None]:
    """Whoever a test acts as, the next one begins as nobody."""
    with context.acting():
        yield


@pytest.fixture(autouse=True)
def _cold_cache(request: pytest.FixtureRequest) -> None:
    """What one test cached, the next must not see: a rolled back row would live on."""
    marked = request.node.get_closest_marker("django_db")
    if marked or {"db", "db_again", "committed_db"} & set(request.fixturenames):
        ForgivingRedisCache._resting_until = 0.0  # nor does the cache rest from what another test did to it
        forget_everything()


@pytest.fixture
def client() -> Any:
    """pytest-django's, but staff who are forced in are wholly in."""
    from wallet_project.kit.testing.browser import Browser

    return Browser()


@pytest.fixture
def hands(committed_db: None, owner_cursor: Any) -> Iterator[Any]:
    """Two connections, each in an open transaction of its own, whose steps a test takes one by one."""
    from wallet_project.kit.testing.hands import Hand

    pair = Hand(owner_cursor), Hand(owner_cursor)
    yield pair
    for hand in pair:
        hand.leaves()


@pytest.fixture
def in_parallel() -> Callable[..., list[Any]]:
    """Run calls at the same moment, each on its own connection; answers or exceptions in order."""
    from wallet_project.kit.testing.threads import run_in_parallel

    return run_in_parallel
