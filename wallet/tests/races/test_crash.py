"""The server dies under load; whatever it had acknowledged is still there."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

import psycopg2
import pytest

from wallet_project.launcher.keys import keys_in
from wallet_project.launcher.places import CHECKOUT, passing_place
from wallet_project.launcher.ports import any_port
from wallet_project.launcher.postgres import LASTING, Postgres
from wallet_project.launcher.processes import Interruptions, Supervisor, stop_orphans

POST = (
    "SELECT replayed FROM ledger_post(1::smallint, %s, '', 'sale', '', '{}',"
    " ARRAY[9000000000000100 + %s, 9000000000000300 + %s]::bigint[], '{-1, 1}', NULL, NULL, NULL, NULL)"
)


@pytest.fixture
def server():
    """A server of our own that writes to disk as in production, with our tables."""
    with passing_place("crash", stop_orphans=stop_orphans) as place:
        supervisor = Supervisor(register=place.register, interruptions=Interruptions())
        postgres = Postgres(place=place, port=any_port("crash"), keys=keys_in(place.folder), options=LASTING)
        try:
            postgres.start(supervisor)
            manage(postgres, "migrate", "--verbosity", "0")
            yield postgres, supervisor
        finally:
            supervisor.stop()


def manage(postgres, *command):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "wallet_project.settings.test",
        "DATABASE_URL": postgres.owner_url,
        "DATABASE_OWNER_URL": postgres.owner_url,
    }
    command = (sys.executable, "manage.py", *command)
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True)  # noqa: S603 - our own command


def answers(url):
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True


def post_until_it_dies(url, number, acknowledged, unanswered):
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        for count in itertools.count():
            key = f"{number}:{count}"
            try:
                with connection.cursor() as cursor:
                    cursor.execute(POST, [key, number, number])
            except psycopg2.Error:
                unanswered.append((key, number))
                return
            acknowledged.append(key)


@pytest.mark.system
def test_what_was_acknowledged_survives_an_immediate_stop(server):
    postgres, supervisor = server
    acknowledged, unanswered = [], []
    url = postgres.application_url
    threads = [
        threading.Thread(target=post_until_it_dies, args=(url, number, acknowledged, unanswered))
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    time.sleep(1.5)

    os.kill(postgres.process.handle.pid, signal.SIGQUIT)  # "immediate": no checkpoint, no goodbye
    for thread in threads:
        thread.join(timeout=20)
    postgres.process.handle.wait(timeout=20)
    supervisor.wait_until(lambda: answers(url), process=postgres.process, seconds=60)

    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT key FROM wallet_journal")
        kept = {key for (key,) in cursor}
        assert len(acknowledged) > 100
        assert set(acknowledged) <= kept
        for key, number in unanswered:  # nobody knows, so they ask again with the same key
            cursor.execute(POST, [key, number, number])
            assert cursor.fetchone() == (key in kept,)
        cursor.execute("SELECT sum(balance) FROM wallet_ledgeraccount WHERE code = 'merchant_sales'")
        assert cursor.fetchone() == (len(acknowledged) + len(unanswered),)
    manage(postgres, "check_ledger")
