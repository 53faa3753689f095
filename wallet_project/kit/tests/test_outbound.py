"""The outbound session: what it tells, what it does not wait for, and when it may not be used at all."""

import logging
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from wallet_project.kit import context
from wallet_project.kit.outbound import NoAnswer, OutboundSession, is_public, send

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


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - compared with, not bound to
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_an_address_is_public_or_it_is_not(address, public):
    assert is_public(address) is public


def test_a_session_for_typed_addresses_connects_to_nothing_of_ours(server):
    server.pieces = [OK]
    port = server.url.partition("127.0.0.1:")[2]

    for host in ("127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"):
        with pytest.raises(NoAnswer) as silence:
            ask(OutboundSession(public_only=True), f"http://{host}:{port}")
        assert silence.value.sent is False

    assert server.heard == []


def test_the_request_id_goes_along(server, session):
    server.pieces = [OK]
    with context.acting(request_id="r-4711"):
        ask(session, server.url)
    ask(OutboundSession(), server.url)

    assert b"Request-Id: r-4711\r\n" in server.heard[0]
    assert b"Request-Id" not in server.heard[1]
