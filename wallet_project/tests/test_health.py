"""Alive is one thing; ready names what is missing."""

from datetime import timedelta

import pytest
from django.test import Client

from wallet_project import health
from wallet_project.kit import clock
from wallet_project.kit.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everybody_alive():
    for name in ("worker", "wechat", "relay"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def not_ready():
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    body = answer.json()
    assert body["status"] == "unready"
    return {name: result for name, result in body["checks"].items() if result != "ok"}


def test_with_everything_there_it_is_ready():
    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": dict.fromkeys(
            ["database", "migrations", "valkey", "clock", "worker", "wechat", "relay"], "ok"
        ),
    }


def test_being_alive_needs_nothing_else(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("name", ["worker", "wechat", "relay"])
def test_a_process_that_has_been_silent_for_a_minute_is_named(name):
    Heartbeat.objects.filter(name=name).update(at=clock.now() - timedelta(seconds=61))

    assert not_ready() == {name: "no heartbeat"}


def test_a_valkey_that_does_not_answer_is_named(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert not_ready() == {"valkey": "no answer"}


def test_migrations_that_wait_are_named(owner_cursor, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    owner_cursor.execute("DELETE FROM django_migrations WHERE app = 'kit' RETURNING app, name, applied")
    removed = owner_cursor.fetchall()
    try:
        assert not_ready() == {"migrations": "migrations are waiting"}
    finally:
        for row in removed:
            owner_cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row
            )
    assert Client().get("/readyz").status_code == 200


def test_a_clock_that_went_astray_is_named(monkeypatch):
    monkeypatch.setattr(health, "CLOCK_SKEW", timedelta(seconds=-1))

    assert set(not_ready()) == {"clock"}


def test_without_a_database_it_says_so_and_does_not_break(unreachable_database):
    assert not_ready() == dict.fromkeys(
        ["database", "migrations", "clock", "worker", "wechat", "relay"], "no database"
    )


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/"])
def test_nobody_changes_anything_by_asking(path):
    assert Client().post(path).status_code == 405
