"""`make test`: pytest on fresh servers."""

import subprocess
import sys
from pathlib import Path

import pytest

from wallet_project.launcher.places import CHECKOUT
from wallet_project.launcher.tests.launched import fresh_environment

pytestmark = pytest.mark.system

TESTS = """
import os, psycopg2, redis

def test_servers():
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        assert cursor.fetchone() == ("off",)
    assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()

def test_failure():
    assert not "a failure"
"""


def test_pytest_has_the_last_line_and_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "test_example.py").write_text(TESTS)

    done = subprocess.run(
        [sys.executable, "-m", "wallet_project.launcher", "test", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=CHECKOUT,
        env=fresh_environment(tmp_path / "变 量"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert "1 failed, 1 passed" in done.stdout.strip().splitlines()[-1]
    assert list((tmp_path / "变 量" / "test").iterdir()) == []
