"""A place of one's own with the servers' usual surroundings, for tests that start single servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wallet_project.launcher.places import Place, lasting_place, remove_lasting_place
from wallet_project.launcher.processes import Interruptions, Supervisor, stop_orphans


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What WALLET_VAR names: a folder with a space and Chinese characters in its path, empty in the end."""
    folder = tmp_path / "钱 包"
    monkeypatch.setenv("WALLET_VAR", str(folder))
    yield folder
    remove_lasting_place("run", stop_orphans=stop_orphans)


@pytest.fixture
def place(var: Path) -> Iterator[Place]:
    with lasting_place("run") as place:
        yield place


@pytest.fixture
def supervisor(place: Place) -> Iterator[Supervisor]:
    supervisor = Supervisor(register=place.register, interruptions=Interruptions())
    yield supervisor
    supervisor.stop()
