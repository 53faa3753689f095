"""So many per window, for each person or address; with Valkey away each process counts for itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from wallet_project.kit.api.throttling import FASTEST_MILLISECONDS
from wallet_project.kit.testing.assertions import assert_error

pytestmark = [pytest.mark.django_db, pytest.mark.urls("wallet_project.kit.tests.doors")]

AT = datetime(2026, 11, 21, 12, 0, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def three_a_minute(settings):
    rates = {"write": "3/min", "read": "2/min", "scarce": "100/s"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture(params=["with Valkey", "with Valkey away"])
def counting(request, settings):
    if request.param == "with Valkey away":
        nowhere = {"LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = {**settings.CACHES, "default": settings.CACHES["default"] | nowhere}


def ask(address="10.0.0.1", **headers):
    return Client(REMOTE_ADDR=address).post(
        "/api/v1/read", "{}", content_type="application/json", headers=headers
    )


def pages(person):
    return Client().get("/api/v1/pages", headers={"Person": person})


def test_past_the_limit_the_answer_says_when_to_come_back(counting, three_a_minute):
    assert [ask().status_code for _ in range(3)] == [200, 200, 200]

    refused = ask()

    assert assert_error(refused, 429, "TOO_MANY_REQUESTS") == {"retry_after": 45}
    assert refused.headers["Retry-After"] == "45"
    three_a_minute.shift(44)
    assert ask().status_code == 429
    three_a_minute.shift(1)
    assert ask().status_code == 200


def test_each_address_and_each_person_has_a_count_of_its_own(counting):
    for _ in range(4):
        ask()

    assert ask("10.0.0.2").status_code == 200
    assert [pages("1").status_code for _ in range(3)] == [200, 200, 429]
    assert pages("2").status_code == 200


def test_a_header_that_anybody_can_write_gives_no_new_count(counting):
    answers = [ask(**{"X-Forwarded-For": f"1.2.3.{number}"}).status_code for number in range(4)]

    assert answers == [200, 200, 200, 429]


def test_behind_a_proxy_only_what_it_added_itself_counts(counting, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}

    lies = [ask(**{"X-Forwarded-For": f"1.2.3.{number}, 9.9.9.9"}).status_code for number in range(4)]

    assert lies == [200, 200, 200, 429]
    assert ask(**{"X-Forwarded-For": "9.9.9.8"}).status_code == 200


def grab(address="10.0.0.1", agent="MicroMessenger/8.0.50 MiniProgramEnv/Windows"):
    return Client(REMOTE_ADDR=address).post("/api/v1/scarce", headers={"User-Agent": agent})


def test_whoever_is_faster_than_a_finger_three_times_waits_and_others_do_not(three_a_minute):
    answers = [grab().status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert grab("10.0.0.2").status_code == 200

    three_a_minute.shift(timedelta(minutes=10))
    assert grab().status_code == 200


def test_a_finger_is_not_taken_for_a_program(three_a_minute):
    for _ in range(20):
        three_a_minute.shift(timedelta(milliseconds=FASTEST_MILLISECONDS))
        assert grab().status_code == 200


def test_a_program_that_says_so_gets_nothing_scarce_but_may_look():
    agent = "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/143.0.0.0"

    assert_error(grab(agent=agent), 429, "TOO_MANY_REQUESTS")
    assert Client().get("/api/v1/scarce", headers={"User-Agent": agent}).status_code == 200


def test_a_count_ends_with_its_window():
    for _ in range(4):
        ask()
    server = cache._cache.get_client(None)
    keys = server.keys(f"{cache.make_key('throttle')}*")

    assert keys
    assert all(0 < server.ttl(key) <= 60 for key in keys)
