"""
Where things lie on disk, and which account may touch them.

`var/run` keeps one lasting system; `var/test/<random>` and `var/bench/<random>` live for one run.
PostgreSQL refuses to run as root, so root starts the servers as an unprivileged account. Where that account
cannot reach the checkout (it lies under /root, say), the servers' data lies under /var/lib/wallet instead and
the file `store` in our folder points to it. Nothing that is not ours is ever chmod-ed.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from wallet_project.launcher.screen import LaunchError

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED = Path("/var/lib/wallet")
REGISTER = "processes.json"
POINTER, CLAIM = "store", "claimed-by"  # our folder names the store, the store names that file
ROOM_NEEDED = 1_000_000_000


def var() -> Path:
    """Everything that a running system writes lies here: `var/`, or WALLET_VAR to use another disk."""
    return Path(os.environ.get("WALLET_VAR") or CHECKOUT / "var").absolute()


@dataclass(frozen=True)
class Account:
    """An unprivileged account that root starts the servers as."""

    uid: int
    gid: int

    def as_popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        look = ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)]
        return subprocess.run(look, check=False, **self.as_popen()).returncode == 0


def server_account() -> Account | None:
    """None: we are an ordinary user and start the servers as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise LaunchError(
        "以 root 运行时需要一个普通账户（postgres 或 nobody）来启动数据库，但系统里没有",
        "Running as root needs an account named postgres or nobody to start the database; there is none",
    )


@dataclass(frozen=True)
class Place:
    """One system's folders: `folder` is ours, `store` belongs to whoever runs the servers."""

    folder: Path
    store: Path
    account: Account | None

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def register(self) -> Path:
        """Which processes this system has started; lets the next start find those of a killed launcher."""
        return self.folder / REGISTER

    def make_store_folder(self, name: str) -> Path:
        """A folder for the servers' eyes only."""
        folder = self.store / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return self._handed_over(folder)

    def write_for_servers(self, path: Path, text: str) -> None:
        write_private(path, text)
        self._handed_over(path)

    def _handed_over(self, path: Path) -> Path:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
        return path


@contextmanager
def lasting_place(name: str) -> Iterator[Place]:
    """
    `var/<name>`, ours until we leave.

    :raises LaunchError: another launcher holds it, or the disk is full
    """
    folder = _folder_of_ours(var() / name)
    with _only_one(name):
        yield _settle(folder)


def remove_lasting_place(name: str, *, stop_orphans: Callable[[Path], None]) -> None:
    """:raises LaunchError: a launcher holds it"""
    folder = _folder_of_ours(var() / name)
    with _only_one(name):
        stop_orphans(folder / REGISTER)
        _remove(folder)


def is_held(name: str) -> bool:
    """Does a launcher keep this place running?"""
    lock = var() / f"{name}.lock"
    if not lock.exists():
        return False
    with _locked(lock) as holder:
        return holder is not None


@contextmanager
def passing_place(name: str, *, stop_orphans: Callable[[Path], None]) -> Iterator[Place]:
    """A folder under `var/<name>` for one run; many may run at once. What killed runs left is removed."""
    parent = _folder_of_ours(var() / name)
    for left in parent.iterdir():
        with suppress(FileNotFoundError), _locked(left / "lock") as holder:
            if not holder:
                stop_orphans(left / REGISTER)
                _remove(left)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))
    folder.chmod(0o755)  # the servers' account must pass through; every secret inside is a file of mode 600
    with _locked(folder / "lock"):
        try:
            yield _settle(folder)
        finally:
            _remove(folder)


def shared_folder(name: str) -> Path:
    """A folder under /var/lib/wallet that every account may enter (we are root here)."""
    for folder in (SHARED, SHARED / name):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    return SHARED / name


def write_private(path: Path, text: str) -> None:
    """Write whole or not at all, for our eyes only."""
    draft = path.with_name(path.name + ".draft")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _settle(folder: Path) -> Place:
    account = server_account()
    place = Place(folder=folder, store=_store(folder, account=account), account=account)
    place.logs.mkdir(exist_ok=True)
    _require_room(place.folder)
    _require_room(place.store)
    return place


def _store(folder: Path, *, account: Account | None) -> Path:
    """
    Where the servers keep their data: here, or in a folder of /var/lib/wallet that we and it both name.

    A moved checkout takes its data along, a copied one does not share it, a removed one leaves none behind.
    """
    pointer = folder / POINTER
    if account is None or (not pointer.exists() and account.reaches(folder)):
        return folder
    store = Path(pointer.read_text(encoding="utf-8")) if pointer.exists() else None
    if store is None or not store.is_dir() or _claimant(store) not in (pointer, None):
        store = Path(tempfile.mkdtemp(prefix="", dir=shared_folder("data")))
        store.chmod(0o755)
        write_private(pointer, str(store))
    write_private(store / CLAIM, str(pointer))
    for other in shared_folder("data").iterdir():
        if (other / CLAIM).exists() and _claimant(other) is None and not _has_server(other):
            shutil.rmtree(other, ignore_errors=True)
    return store


def _claimant(store: Path) -> Path | None:
    """The pointer that this store names, if it still exists and names this store."""
    with suppress(FileNotFoundError, NotADirectoryError):
        pointer = Path((store / CLAIM).read_text(encoding="utf-8"))
        if pointer.read_text(encoding="utf-8") == str(store):
            return pointer
    return None


def _has_server(store: Path) -> bool:
    try:
        pid = int((store / "postgres" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return False
    return True


def _remove(folder: Path) -> None:
    pointer = folder / POINTER
    if pointer.exists():
        store = Path(pointer.read_text(encoding="utf-8"))
        if _claimant(store) == pointer:
            shutil.rmtree(store, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _folder_of_ours(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise LaunchError(
            f"无法写入 {folder}（{problem.strerror}）", f"Cannot write to {folder} ({problem.strerror})"
        ) from None
    return folder


def _require_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < ROOM_NEEDED:
        raise LaunchError(
            f"磁盘空间不足：{folder} 只剩 {free // 1_000_000} MB，至少需要 {ROOM_NEEDED // 1_000_000} MB",
            f"The disk is full: {folder} has {free // 1_000_000} MB, needs {ROOM_NEEDED // 1_000_000} MB",
        )


@contextmanager
def _only_one(name: str) -> Iterator[None]:
    with _locked(var() / f"{name}.lock") as holder:
        if holder:
            raise LaunchError(
                f"这个目录里的系统已经在运行（进程 {holder}），请先停止它",
                f"The system in this folder is already running (process {holder}); stop it first",
            )
        yield


@contextmanager
def _locked(path: Path) -> Iterator[str | None]:
    """Hold the lock and yield None, or yield the holder's process id. The kernel lets go when we die."""
    file: TextIO
    with open(path, "a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield file.read().strip() or "?"
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield None
