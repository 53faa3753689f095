"""The outbound session: what it tells, what it does not wait for, and when it may not be used at all."""

import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from wallet_project.kit.outbound import NoAnswer, OutboundSession, send

NOBODY = "http://127.0.0.1:9/path"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


class Scripted:
    """A server that sends these pieces, one every tenth of a second, to whoever connects."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.heard: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/path"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            with connection:
                self.heard.append(connection.recv(65536))
                try:
                    for piece in self.pieces:
                        connection.sendall(piece)
                        time.sleep(0.1)
                except OSError:
                    continue  # the client hung up, as it should


@pytest.fixture
def server() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.listener.close()


@pytest.fixture
def session() -> OutboundSession:
    return OutboundSession(timeout=(0.3, 0.3), most_bytes=1000)


def ask(session, url):
    return send(session, "GET", url, headers={})


def test_an_answer_is_read_whole(server, session):
    server.pieces = [OK[:-1], OK[-1:]]

    assert ask(session, server.url).content == b"hi"


def test_where_nobody_listens_nothing_was_sent(session):
    with pytest.raises(NoAnswer) as silence:
        ask(session, NOBODY)

    assert silence.value.sent is False


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [OK[:10]],
        [OK[:-1]],
        [b"not HTTP\r\n\r\n"],
        [b"", b"", b"", b"", b"", OK],
        [ENDLESS, *[b"x"] * 50],
        [ENDLESS, b"x" * 2000],
    ],
    ids=["closed", "half a head", "half a body", "nonsense", "late", "a trickle", "too much"],
)
def test_a_broken_answer_leaves_open_what_happened(server, session, pieces):
    server.pieces = pieces
    started = time.monotonic()

    with pytest.raises(NoAnswer) as silence:
        ask(session, server.url)

    assert silence.value.sent is True
    assert time.monotonic() - started < 2
    assert len(server.heard) == 1  # and it is not asked again


def test_a_redirect_is_an_answer_and_no_order(server, session):
    server.pieces = [f"HTTP/1.1 302 Found\r\nLocation: {server.url}\r\nContent-Length: 0\r\n\r\n".encode()]

    assert ask(session, server.url).status_code == 302
    assert len(server.heard) == 1


def test_nothing_of_the_query_reaches_a_log_or_an_error(server, session, caplog):
    caplog.set_level(logging.INFO)
    server.pieces = [OK]
    ask(session, f"{server.url}?secret=hush")

    with pytest.raises(NoAnswer) as silence:
        ask(session, f"{NOBODY}?secret=hush")

    assert len(caplog.records) == 2
    assert silence.value.__cause__ is None
    assert "hush" not in f"{silence.value!r} {[vars(record) for record in caplog.records]}"


def test_nobody_waits_for_a_server_in_a_transaction(server, session, db):
    with transaction.atomic(), pytest.raises(TransactionManagementError):
        ask(session, server.url)

    assert server.heard == []
