"""A variable that is missing or wrong is named, told what it should hold, and never shown."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from wallet_project.settings import env

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()


@pytest.fixture
def given(monkeypatch):
    return lambda value: monkeypatch.setenv("WALLET_TEST", value)


def test_what_is_not_set_is_asked_for_by_name(monkeypatch):
    monkeypatch.delenv("WALLET_TEST", raising=False)

    with pytest.raises(ImproperlyConfigured, match=r"WALLET_TEST is not set; see .env.example"):
        env.text("WALLET_TEST")
    assert env.text("WALLET_TEST", "default") == "default"
    assert env.path("WALLET_TEST") is None


def test_values_are_read_as_what_they_are(given):
    given(" 12 ")
    assert env.integer("WALLET_TEST", 1) == 12
    given("a, b ,,c")
    assert env.words("WALLET_TEST") == ["a", "b", "c"]
    given("two")
    assert env.choice("WALLET_TEST", ("one", "two"), "one") == "two"
    given(KEY)
    assert env.key("WALLET_TEST") == bytes(range(32))


def test_a_key_ring_is_read_in_order_with_the_writing_key_first(given):
    given(f"2:{OTHER}, 1:{KEY}")

    ring = env.key_ring("WALLET_TEST")

    assert list(ring) == [2, 1]
    assert ring[1] == bytes(range(32))


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.integer("WALLET_TEST", 1), "1.5"),
        (lambda: env.integer("WALLET_TEST", 100, most=500), "501"),
        (lambda: env.integer("WALLET_TEST", 100, most=500), "0"),
        (lambda: env.choice("WALLET_TEST", ("one", "two"), "one"), "three"),
        (lambda: env.key("WALLET_TEST"), "c2hvcnQ="),
        (lambda: env.key("WALLET_TEST"), KEY[:-1] + "!"),
        (lambda: env.key_ring("WALLET_TEST"), KEY),
        (lambda: env.key_ring("WALLET_TEST"), f"70000:{KEY}"),
        (lambda: env.key_ring("WALLET_TEST"), f"²:{KEY}"),
        (lambda: env.key_ring("WALLET_TEST"), f"0:{KEY}"),
        (lambda: env.key_ring("WALLET_TEST"), f"1:{KEY},1:{OTHER}"),
        (lambda: env.key_ring("WALLET_TEST"), "1:c2hvcnQ="),
        (lambda: env.database("WALLET_TEST"), "mysql://root:hunter2@localhost/wallet"),
    ],
)
def test_what_is_wrong_is_named_and_a_secret_not_shown(given, read, value):
    given(value)

    with pytest.raises(ImproperlyConfigured, match="WALLET_TEST must") as refusal:
        read()

    assert KEY not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
