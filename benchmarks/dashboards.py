"""
What the numbers of a business cost: keeping what happens, rolling a day up, looking at every page of them.

Alone or after everything else: the ledger is given a past.
"""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

from benchmarks.past import live_through
from benchmarks.report import Row
from benchmarks.servers import Server
from benchmarks.system import web_server

_ASKED = 20  # times each page, after one to warm up
_BATCHES = 100  # of fifty events
_PUBLISHED = 10_000


def measure(server: Server, *, customers: int, events: int, payments: int) -> list[Row]:
    from wallet_project.analytics.services.rollups import roll_up

    days = live_through(server, customers=customers, events=events, payments=payments)
    first = [_seconds(lambda day=day: roll_up(day=day)) for day in days]
    again = [_seconds(lambda day=day: roll_up(day=day)) for day in days[-7:]]
    size = f"{events:,} events, {payments:,} payments"
    return [
        Row(f"rolling up a day of 90, {size}, median in s", statistics.median(first)),
        Row(f"rolling up one of the last 7 days again, {size}, median in s", statistics.median(again)),
        Row(f"keeping 50 events of a phone, {size}, median in ms", _kept() * 1_000),
        Row(f"hearing {_PUBLISHED:,} events of the outbox, {size}, s", _heard(customers)),
        *(
            Row(f"page of numbers “{board}”, {size}, median in ms", seconds * 1_000, at_most=300)
            for board, seconds in _looked_at()
        ),
    ]


def _kept() -> float:
    """Seconds."""
    from wallet_project.analytics.services.client_events import ClientEvent, keep_client_events
    from wallet_project.kit import clock

    def tell() -> None:
        told = [
            ClientEvent(id=uuid.uuid4(), name="viewed", at=clock.now(), properties={"screen": "home"})
            for _ in range(50)
        ]
        assert keep_client_events(device_id="bench", platform="ios", user_id=1, events=told) == len(told)

    return statistics.median(_seconds(tell) for _ in range(_BATCHES))


def _heard(customers: int) -> float:
    from django.db import transaction

    from accounts.events import SignedIn
    from wallet_project.analytics.models import Event
    from wallet_project.analytics.services.event_feed import hear_events
    from wallet_project.kit.events import publish

    hear_events()  # what was published before
    before = Event.objects.count()
    with transaction.atomic():
        for number in range(_PUBLISHED):
            publish(SignedIn(user_id=1 + number % customers, method="WECHAT", is_new_device=False))
    seconds = _seconds(hear_events)
    assert Event.objects.count() == before + _PUBLISHED
    return seconds


def _looked_at() -> Iterator[tuple[str, float]]:
    """Each page of numbers as it opens, over HTTP, by somebody who may see all of them."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.urls import reverse

    from wallet_project.analytics.rules.boards import BOARDS
    from wallet_project.kit.testing.browser import Browser

    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(get_user_model().objects.create_superuser("bench", uuid.uuid4().hex))
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    with web_server() as address:
        asking = HTTPConnection(address, timeout=30)

        def look(path: str) -> None:
            asking.request("GET", path, headers=cookie)
            answer = asking.getresponse()
            said = answer.read()
            assert answer.status == 200, (path, answer.status, said[:500])

        for board in BOARDS.values():
            path = reverse("board", args=[board.code])
            look(path)
            yield (
                board.title,
                statistics.median(_seconds(lambda path=path: look(path)) for _ in range(_ASKED)),
            )


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
