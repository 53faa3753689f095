"""Processes that die, processes that are left, processes that are somebody else's."""

import json
import os
import signal
import sys
import time

import pytest

from wallet_project.launcher.places import Place
from wallet_project.launcher.processes import (
    Interruptions,
    Process,
    Stopped,
    Supervisor,
    run_to_end,
    stop_orphans,
)
from wallet_project.launcher.screen import LaunchError
from wallet_project.launcher.tests.launched import group_lives, wait_until

pytestmark = pytest.mark.system


def process_running(code: str, *, place: Place) -> Process:
    return Process(
        name="example",
        command=[sys.executable, "-c", code],
        log=place.logs / "example.log",
        environment=os.environ,
        patience=0.3,
    )


def test_what_keeps_dying_is_given_up_with_its_last_words(place: Place, supervisor: Supervisor) -> None:
    process = process_running("print('没有钥匙'); raise SystemExit(3)", place=place)
    supervisor.start(process)

    with pytest.raises(LaunchError) as given_up:
        supervisor.wait_until(lambda: False, process=process, seconds=30)

    assert "没有钥匙" in given_up.value.details
    assert "died 5 times" in given_up.value.english


def test_what_ignores_a_request_to_stop_is_killed_with_its_children(
    place: Place, supervisor: Supervisor
) -> None:
    deaf = "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    deaf += "subprocess.Popen(['sleep', '60']); open('/dev/stdout', 'w').write('deaf'); time.sleep(60)"
    process = process_running(deaf, place=place)
    supervisor.start(process)
    wait_until(lambda: "deaf" in process.log.read_text(), seconds=5)
    pid = process.handle.pid

    supervisor.stop()

    wait_until(lambda: not group_lives(pid), seconds=10)
    assert not place.register.exists()


def test_orphans_are_ended_and_strangers_with_their_number_are_not(
    place: Place, supervisor: Supervisor
) -> None:
    orphan, stranger = (process_running("import time; time.sleep(60)", place=place) for _ in range(2))
    supervisor.start(orphan)
    supervisor.start(stranger)
    entries = json.loads(place.register.read_text())
    entries[1]["birth"] = "long ago"
    place.register.write_text(json.dumps(entries))

    stop_orphans(place.register)

    assert not orphan.running
    assert stranger.running
    assert not place.register.exists()


def test_a_failed_preparation_shows_why(place: Place) -> None:
    process = process_running("import sys; print('answer'); sys.exit('没有权限')", place=place)

    with pytest.raises(LaunchError) as failed:
        run_to_end(process, interruptions=Interruptions())

    assert "没有权限" in failed.value.details


def test_a_signal_stops_a_preparation_that_takes_long(place: Place) -> None:
    interruptions = Interruptions()
    process = process_running("import time; time.sleep(60)", place=place)
    before = (
        signal.getsignal(signal.SIGTERM),
        signal.getsignal(signal.SIGINT),
        signal.getsignal(signal.SIGHUP),
    )
    interruptions.listen()
    try:
        signal.raise_signal(signal.SIGTERM)
        begun = time.monotonic()

        with pytest.raises(Stopped):
            run_to_end(process, interruptions=interruptions)

        assert time.monotonic() - begun < 3
        assert not process.running
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), before, strict=True):
            signal.signal(number, handler)
