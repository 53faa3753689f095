"""A cache that may vanish: misses instead of errors, no waiting, and no belief in what is not ours."""

import pickle
import time

import pytest

from wallet_project.kit.cache import CacheUnavailable, ForgivingRedisCache


class Exploding:
    """Unpickled, it would run what it likes."""

    def __reduce__(self):
        return pytest.fail, ("somebody else's code ran here",)


def test_plain_values_come_back_as_they_were(valkey, cache_at):
    cache = cache_at(valkey.url)

    for value in ("文字", 7, -1, True, False, None, 1.5, [1, "a"], {"a": {"b": None}}):
        cache.set("key", value)
        assert cache.get("key", "nothing") == value
        assert type(cache.get("key", "nothing")) is type(value)


def test_a_value_that_is_not_plain_is_refused_when_it_is_stored(valkey, cache_at):
    with pytest.raises(TypeError):
        cache_at(valkey.url).set("key", object())


@pytest.mark.parametrize(
    "poison", [pickle.dumps(Exploding()), b"{", b"", b"\xff\xfe", pickle.dumps({"user_id": 1})]
)
def test_a_value_that_somebody_else_wrote_is_not_there_and_runs_nothing(valkey, cache_at, poison):
    cache = cache_at(valkey.url)
    valkey.client.set(cache.make_key("key"), poison)

    assert cache.get("key") is None
    assert cache.get("key", "default") == "default"


def test_add_does_not_overwrite(valkey, cache_at):
    cache = cache_at(valkey.url)

    assert cache.add("key", "first")
    assert not cache.add("key", "second")
    assert cache.get("key") == "first"


def test_a_server_that_was_stopped_is_a_miss_and_not_an_error(valkey, cache_at):
    cache = cache_at(valkey.url)
    cache.set("key", "value")
    assert cache.get("key") == "value"

    valkey.stop()

    assert cache.get("key") is None
    assert cache.get("key", "default") == "default"
    assert cache.set("key", "other") is None
    assert cache.add("key", "other") is False
    assert cache.delete("key") is False
    valkey.start()  # for the fixture to stop


def test_who_must_know_is_told(valkey, cache_at):
    cache = cache_at(valkey.url)
    cache.set_for_certain("key", "value", timeout=60)
    assert cache.get("key") == "value"

    valkey.stop()

    with pytest.raises(CacheUnavailable):
        cache.set_for_certain("key", "other", timeout=60)
    with pytest.raises(CacheUnavailable):
        cache.count("visits", window=60)
    valkey.start()


def test_after_a_failure_the_server_is_left_alone_for_a_while(valkey, cache_at, monkeypatch):
    cache = cache_at(valkey.url)
    cache.set("key", "value")
    valkey.stop()
    assert cache.get("key") is None

    valkey.start()
    cache._cache.get_client(None, write=True).set(cache.make_key("key"), '"back"')

    assert cache.get("key") is None  # still resting
    monkeypatch.setattr(ForgivingRedisCache, "_resting_until", time.monotonic())
    assert cache.get("key") == "back"


def test_a_server_that_says_nothing_holds_nobody_up(cache_at):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = cache_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        started = time.monotonic()

        assert cache.get("key") is None
        assert cache.get("another") is None

        assert time.monotonic() - started < 1.5


def test_counting_goes_up_by_one_in_each_window(valkey, cache_at):
    cache = cache_at(valkey.url)

    assert [cache.count("visits", window=3600) for _ in range(3)] == [1, 2, 3]
    assert cache.count("others", window=3600) == 1
    [ttl] = {valkey.client.ttl(key) for key in valkey.client.keys("*visits*")}
    assert 0 < ttl <= 3600
