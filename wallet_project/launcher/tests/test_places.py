"""Folders: whose they are, who may enter, what is removed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wallet_project.launcher import places
from wallet_project.launcher.environment import common_environment, read_dotenv
from wallet_project.launcher.places import is_held, lasting_place, passing_place, remove_lasting_place
from wallet_project.launcher.processes import stop_orphans
from wallet_project.launcher.screen import LaunchError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an account to the servers")


@pytest.fixture
def shared(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In the place of /var/lib/wallet, so that nobody's data is at risk."""
    folder = tmp_path_factory.mktemp("shared")
    monkeypatch.setattr(places, "SHARED", folder)
    return folder


@pytest.fixture
def locked_away(var: Path) -> Iterator[Path]:
    """A checkout that the servers' account cannot reach, as under /root."""
    var.parent.chmod(0o700)
    return var


def test_a_place_belongs_to_one_launcher_at_a_time(var: Path) -> None:
    holder = "from wallet_project.launcher.places import lasting_place\n"
    holder += "with lasting_place('run'): print('held', flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", holder],
        cwd=places.CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    other.stdout.readline()

    with pytest.raises(LaunchError, match=f"process {other.pid}"), lasting_place("run"):
        pass
    with pytest.raises(LaunchError, match=f"process {other.pid}"):
        remove_lasting_place("run", stop_orphans=stop_orphans)
    assert is_held("run")

    other.kill()
    other.wait()
    with lasting_place("run"):
        pass
    assert not is_held("run")


def test_a_passing_place_goes_and_takes_what_killed_runs_left(var: Path) -> None:
    with passing_place("test", stop_orphans=stop_orphans) as first:
        left = first.folder.with_name("left")
        shutil.copytree(first.folder, left)
        with passing_place("test", stop_orphans=stop_orphans) as second:
            assert first.folder.exists()
            assert second.folder.exists()
            assert not left.exists()

    assert list((var / "test").iterdir()) == []


@as_root
def test_data_that_the_account_cannot_reach_here_lies_elsewhere(locked_away: Path, shared: Path) -> None:
    mode = locked_away.parent.stat().st_mode

    with lasting_place("run") as place:
        folder = place.make_store_folder("postgres")

    assert place.store.parent == shared / "data"
    assert folder.stat().st_uid == place.account.uid
    assert (place.folder / "store").read_text() == str(place.store)
    assert locked_away.parent.stat().st_mode == mode


@as_root
def test_data_follows_a_moved_checkout_and_goes_with_a_removed_one(
    locked_away: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lasting_place("run") as before:
        pass
    moved = locked_away.with_name("moved")
    locked_away.rename(moved)
    monkeypatch.setenv("WALLET_VAR", str(moved))

    with lasting_place("run") as after:
        assert after.store == before.store

    shutil.rmtree(moved)
    with lasting_place("run") as fresh:
        assert list((shared / "data").iterdir()) == [fresh.store]


@as_root
def test_a_copied_checkout_does_not_share_its_data(
    locked_away: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lasting_place("run") as original:
        pass
    shutil.copytree(locked_away, locked_away.with_name("copy"))
    monkeypatch.setenv("WALLET_VAR", str(locked_away.with_name("copy")))

    with lasting_place("run") as copy:
        assert copy.store != original.store
        assert original.store.exists()


def test_too_full_a_disk_is_said_at_once(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "ROOM_NEEDED", 10**18)

    with pytest.raises(LaunchError, match="The disk is full"), lasting_place("run"):
        pass


def test_dotenv_fills_in_what_the_environment_leaves_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet_project.launcher.environment.CHECKOUT", tmp_path)
    monkeypatch.setenv("REDIS_URL", "redis://mine/0")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / ".env").write_text(
        "# ours\nexport DATABASE_URL='postgresql://them/wallet'\nREDIS_URL=redis://them/0\n"
    )

    read_dotenv()

    assert os.environ["DATABASE_URL"] == "postgresql://them/wallet"
    assert os.environ["REDIS_URL"] == "redis://mine/0"
    monkeypatch.delenv("DATABASE_URL")


def test_a_proxy_never_stands_between_our_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "example.com")
    monkeypatch.delenv("no_proxy", raising=False)

    assert common_environment()["no_proxy"] == "example.com,127.0.0.1,localhost"
