"""The product as it really runs: the story to the fen, and nothing lost when a process or Valkey goes."""

import os
import signal
import time
from contextlib import suppress

import pytest
import requests

from wallet_project.launcher.tests.launched import wait_until

pytestmark = pytest.mark.system


def start_top_up(person, amount=700):
    return person.post("wallet/top-ups", {"amount": amount})


def credited(person, started) -> bool:
    with suppress(requests.ConnectionError):  # the web server is just being started again
        return person.get(f"wallet/top-ups/{started['top_up']['number']}")["state"] == "CREDITED"
    return False


def last_notice_answers(person) -> list[int]:
    return [attempt["status"] for attempt in person.wechat.notices()[0]["attempts"]]


def test_the_demo_plays_the_whole_story_to_the_fen(system):
    last_line = system.execute("python", "manage.py", "demo").splitlines()[-1]

    assert "every fen is in the ledger" in last_line


def test_the_result_is_visible_within_a_second_of_the_callback(person):
    started = start_top_up(person)
    person.confirm(started["pay_params"])
    person.wechat.wait_for_notices()
    called_back = time.monotonic()

    wait_until(lambda: credited(person, started), seconds=5)

    assert time.monotonic() - called_back < 1


@pytest.mark.parametrize("outage", ["silent", "gone", "empty"])
def test_without_valkey_callbacks_are_kept_reads_answer_and_money_arrives_afterwards(system, person, outage):
    started = start_top_up(person)
    if outage == "silent":
        os.kill(system.pids["valkey"], signal.SIGSTOP)
        person.confirm(started["pay_params"])
        person.wechat.wait_for_notices(seconds=20)

        assert last_notice_answers(person) == [204]
        assert person.get("wallet")["available"] == 0
        os.kill(system.pids["valkey"], signal.SIGCONT)
    elif outage == "gone":
        dead = system.pids["valkey"]
        os.kill(dead, signal.SIGKILL)
        person.confirm(started["pay_params"])
        assert person.get("wallet")["held"] == 0
    else:
        # The worker stands still, so the message is in Valkey when everything there is lost.
        os.kill(system.pids["worker"], signal.SIGSTOP)
        person.confirm(started["pay_params"])
        person.wechat.wait_for_notices(seconds=20)
        system.execute(
            "python", "-c", "import os, redis; redis.Redis.from_url(os.environ['REDIS_URL']).flushall()"
        )
        os.kill(system.pids["worker"], signal.SIGCONT)

    wait_until(lambda: credited(person, started), seconds=60)

    assert person.get("wallet")["available"] == 700


@pytest.mark.parametrize("victim", ["worker", "relay", "web"])
def test_a_killed_process_loses_nothing(system, person, victim):
    started = start_top_up(person)

    os.killpg(os.getpgid(system.pids[victim]), signal.SIGKILL)
    person.confirm(started["pay_params"])

    wait_until(lambda: credited(person, started), seconds=60)

    assert person.get("wallet")["available"] == 700
