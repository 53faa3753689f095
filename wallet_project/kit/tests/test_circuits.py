"""What keeps failing is left alone for a while, then tried by one."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from wallet_project.kit import circuits
from wallet_project.kit.circuits import circuit_of, open_circuits
from wallet_project.kit.outbound import NoAnswer, OutboundSession, Resting, send

pytestmark = pytest.mark.django_db


class Weather:
    """A server that answers with one status, after a while, and counts who came."""

    def __init__(self) -> None:
        self.status, self.pause, self.came = 200, 0.0, 0
        weather = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                weather.came += 1
                time.sleep(weather.pause)
                self.send_response(weather.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def weather() -> Iterator[Weather]:
    made = Weather()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def session(settings) -> Iterator[OutboundSession]:
    settings.CIRCUIT_FAILURES, settings.CIRCUIT_REST_SECONDS = 3, 0.4
    yield OutboundSession(timeout=(0.3, 2.0), has_circuits=True)
    circuits.close_all()


def ask(session: OutboundSession, weather: Weather, path: str = "/v3/pay/P26112801/close") -> int:
    return send(session, "GET", weather.url + path, headers={}).status_code


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_what_fails_in_a_row_is_left_alone(session, weather, status):
    weather.status = status

    assert [ask(session, weather) for _ in range(3)] == [status] * 3
    with pytest.raises(Resting) as rest:
        ask(session, weather, "/v3/pay/P26112899/close")  # the same API, another number

    assert weather.came == 3
    assert not rest.value.sent
    assert 0 < rest.value.seconds <= 0.4
    assert [noted["reason"] for noted in open_circuits()] == [str(status)]


def test_a_refusal_is_an_answer(session, weather):
    for status in (500, 500, 404, 500, 500, 403, 401, 400, 400):
        weather.status = status
        assert ask(session, weather) == status

    assert weather.came == 9


def test_another_api_of_the_same_host_goes_on(session, weather):
    weather.status = 500
    for _ in range(3):
        ask(session, weather)
    weather.status = 200

    assert ask(session, weather, "/v3/refund/domestic/refunds") == 200


def test_one_tries_after_the_rest_while_the_others_wait(session, weather):
    weather.status = 500
    for _ in range(3):
        ask(session, weather)
    weather.status, weather.pause = 200, 0.2
    time.sleep(0.45)
    said: list[object] = []

    def come() -> None:
        try:
            said.append(ask(session, weather))
        except Resting:
            said.append("rests")

    crowd = [threading.Thread(target=come) for _ in range(5)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert sorted(map(str, said)) == ["200", *["rests"] * 4]
    assert weather.came == 4
    assert ask(session, weather) == 200
    assert not open_circuits()


def test_a_try_that_fails_opens_it_again(session, weather):
    weather.status = 500
    for _ in range(3):
        ask(session, weather)
    time.sleep(0.45)

    assert ask(session, weather) == 500
    with pytest.raises(Resting):
        ask(session, weather)
    assert weather.came == 4


def test_who_does_not_answer_at_all_fails_too(session):
    for _ in range(3):
        with pytest.raises(NoAnswer) as silence:
            send(session, "GET", "http://127.0.0.1:9/path", headers={})
        assert not isinstance(silence.value, Resting)

    with pytest.raises(Resting):
        send(session, "GET", "http://127.0.0.1:9/path", headers={})


def test_an_api_is_named_without_numbers():
    names = {
        circuit_of("GET", "wechat", path).name
        for path in (
            "/v3/pay/transactions/out-trade-no/P261128001Q",
            "/v3/pay/transactions/out-trade-no/P261128002Z",
            "/v3/refund/domestic/refunds/R1",
            "/v3/certificates",
        )
    }

    assert names == {
        "GET wechat/v3/pay/transactions/out-trade-no/…",
        "GET wechat/v3/refund/domestic/refunds/…",
        "GET wechat/v3/certificates",
    }
