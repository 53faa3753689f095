"""The whole system on one machine: servers, sandbox, web, chat, worker, beat, relay."""

import hashlib
import json
import os
import shutil
import sys
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic
from typing import Any

from wallet_project.launcher.announcement import describe, show
from wallet_project.launcher.environment import (
    Addresses,
    common_environment,
    product_environment,
    wechat_environment,
)
from wallet_project.launcher.keys import keys_in
from wallet_project.launcher.places import Place, var, write_private
from wallet_project.launcher.ports import usual_port
from wallet_project.launcher.postgres import LASTING
from wallet_project.launcher.processes import Process, Supervisor, run_to_end, stop_orphans
from wallet_project.launcher.screen import step
from wallet_project.launcher.servers import start_servers

CELERY = ["-m", "celery", "-A", "wallet_project"]
# Each with its queue.
WORKERS = {
    "worker": "celery",
    "wechat": "wechat",  # waits for WeChat, so that nobody else has to
    "shops": "shops",  # waits for shop systems
    "long": "long",  # works for minutes
}
RELAY = ["manage.py", "relay"]
_GRANIAN = ["-m", "granian", "--host", "127.0.0.1"]


def web(port: int) -> list[str]:
    return granian("wallet_project.wsgi:application", port=port, workers=2)


def chat(port: int) -> list[str]:
    """One process: it counts the sockets of each person."""
    return [*_GRANIAN, "--interface", "asginl", "--port", str(port), "wallet_project.asgi:application"]


def granian(application: str, *, port: int, workers: int) -> list[str]:
    server = [*_GRANIAN, "--interface", "wsgi", "--port", str(port)]
    return [*server, "--workers", str(workers), "--blocking-threads", "16", application]


def worker(name: str) -> list[str]:
    """One of WORKERS."""
    queue = ["--hostname", f"{name}@%h", "--queues", WORKERS[name], "--concurrency", "2"]
    return [*CELERY, "worker", *queue, "--loglevel", "INFO", "--without-gossip", "--without-mingle"]


def beat(folder: Path) -> list[str]:
    """It notes in `folder` what it has done."""
    return [*CELERY, "beat", "--schedule", str(folder / "beat")]


class System:
    """Started in order, stopped in reverse; while it is ready, `var/run.json` says so."""

    def __init__(self, *, place: Place, supervisor: Supervisor) -> None:
        self.place = place
        self.supervisor = supervisor
        self.sandbox_folder = place.folder / "sandbox"
        self.product: dict[str, str] = {}

    def start(self) -> None:
        """:raises LaunchError: something did not come up; what did is still to be stopped"""
        begun = monotonic()
        self._withdraw()
        stop_orphans(self.place.register)
        addresses = self._start_servers()
        web_port, sandbox_port = usual_port("web"), usual_port("sandbox")
        chat_port = usual_port("chat")
        web_url, sandbox_url = f"http://127.0.0.1:{web_port}", f"http://127.0.0.1:{sandbox_port}"
        chat_url = f"ws://127.0.0.1:{chat_port}"
        credentials = self._prepare_sandbox()
        self.product = {
            **product_environment(settings="dev", keys=keys_in(self.place.folder), addresses=addresses),
            **wechat_environment(credentials, sandbox_url=sandbox_url),
            "PUBLIC_URL": web_url,
            "CHAT_SOCKET_URL": chat_url,
            "METRICS_TOKEN": os.environ.get("METRICS_TOKEN", "demo"),
            "PROMETHEUS_MULTIPROC_DIR": str(self._empty_folder("metrics")),
        }
        with step("数据库结构已更新", "database migrated"):
            # Nothing else may change tables, so nothing else is told the owner's address.
            owner = {"DATABASE_OWNER_URL": addresses.database_owner}
            self._prepare("migrate", "manage.py", "migrate", environment=self._inherited | owner)
        demo = self._seed_once(addresses)
        with step(
            "网站、在线客服、后台任务、调度、事件投递、沙箱已就绪",
            "web, chat, worker, beat, relay and sandbox ready",
        ):
            self._start_processes(web_port=web_port, sandbox_port=sandbox_port, chat_port=chat_port)
        facts = describe(
            pid=os.getpid(),
            web_url=web_url,
            sandbox_url=sandbox_url,
            chat_url=chat_url,
            credentials=credentials,
            demo=demo,
        )
        write_private(environment_file(), json.dumps(self.product | owner, indent=1))
        write_private(var() / "run.json", json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
        show(facts, seconds=monotonic() - begun)

    def stop(self) -> None:
        self._withdraw()
        self.supervisor.stop()

    def _withdraw(self) -> None:
        (var() / "run.json").unlink(missing_ok=True)
        environment_file().unlink(missing_ok=True)

    def _empty_folder(self, name: str) -> Path:
        folder = self.place.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return folder

    def _start_servers(self) -> Addresses:
        with step("PostgreSQL、Valkey 已启动", "PostgreSQL and Valkey started"):
            return start_servers(
                self.supervisor,
                place=self.place,
                keys=keys_in(self.place.folder),
                port_for=usual_port,
                postgres_options=LASTING,
            )

    def _prepare_sandbox(self) -> dict[str, str]:
        self.sandbox_folder.mkdir(mode=0o700, exist_ok=True)
        self._prepare("sandbox-keys", "-m", "wallet_project.sandbox.prepare", environment=self._sandbox)
        return json.loads((self.sandbox_folder / "credentials.json").read_text(encoding="utf-8"))

    def _seed_once(self, addresses: Addresses) -> dict[str, Any]:
        """Passwords are told only when they are made, so what the first time printed is kept."""
        kept = self.place.folder / "demo.json"
        database = "private" if "DATABASE_URL" not in os.environ else _fingerprint(addresses.database)
        told = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        if database not in told:
            with step("演示数据已写入", "demo data written"):
                told[database] = json.loads(
                    self._prepare("seed-demo", "manage.py", "seed_demo", "--json", "--past")
                )
            write_private(kept, json.dumps(told, indent=1, ensure_ascii=False))
        return told[database]

    def _start_processes(self, *, web_port: int, sandbox_port: int, chat_port: int) -> None:
        sandbox = self._process(
            "sandbox",
            *granian("wallet_project.sandbox.wsgi:application", port=sandbox_port, workers=1),
            environment=self._sandbox
            | {"SANDBOX_PUSH_URL": f"{self.product['PUBLIC_URL']}/api/v1/callbacks/wechat/messages"},
            patience=2,
        )
        website = self._process("web", *web(web_port), patience=4)
        chats = self._process("chat", *chat(chat_port), patience=2)
        for process in (
            sandbox,
            *(self._process(name, *worker(name), patience=6) for name in WORKERS),
            self._process("beat", *beat(self.place.folder), patience=2),
            self._process("relay", *RELAY, patience=3),
            chats,
            website,
        ):
            self.supervisor.start(process)
        for process, port, path in (
            (sandbox, sandbox_port, "/sandbox/api/book"),
            (chats, chat_port, "/healthz"),
            (website, web_port, "/healthz"),
            (website, web_port, "/readyz"),
        ):
            self.supervisor.wait_until(partial(_answers, port, path), process=process, seconds=90)

    @property
    def _inherited(self) -> dict[str, str]:
        return common_environment() | self.product

    @property
    def _sandbox(self) -> dict[str, str]:
        """An island: it is told nothing of our database, our keys or the person's proxies."""
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "wallet_project.sandbox.settings",
            "SANDBOX_DIR": str(self.sandbox_folder),
        }

    def _process(
        self, name: str, *arguments: str, environment: dict[str, str] | None = None, patience: float = 5
    ) -> Process:
        return Process(
            name=name,
            command=[sys.executable, *arguments],
            log=self.place.logs / f"{name}.log",
            environment=environment or self._inherited,
            patience=patience,
        )

    def _prepare(self, name: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
        command = self._process(name, *arguments, environment=environment)
        return run_to_end(command, interruptions=self.supervisor.interruptions)


def environment_file() -> Path:
    """What `exec` gives to its command."""
    return var() / "run" / "environment.json"


def _fingerprint(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
