"""
Payment callbacks over HTTP while WeChat's APIs are five seconds there, five seconds silent.

The web server, the workers of every queue, beat and relay run as `make run` has them. Payments are made
beforehand; their callbacks come one to three times each, in any order, at a steady pace, and what one waits
for another counts as its own. Meanwhile customers withdraw, take top-ups back and begin others: all of that
asks WeChat.
"""

import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Max

from accounts.models import User
from accounts.rules.step_up import Operation, OperationKind
from accounts.tests.factories import grant_for
from benchmarks.api import post
from benchmarks.callbacks import AMOUNT, Letter, act_on, known_at_wechat, letterbox, pay
from benchmarks.report import Row
from benchmarks.servers import LEDGER, Server
from benchmarks.system import background, web_server
from payments.gateways.wechat.transactions import NOTIFY_PATH
from payments.models import CallbackReceipt, Payment
from wallet.models import LedgerAccount, TopUp
from wallet.rules.kinds import MoveKind
from wallet.services.quotes import make_quote
from wallet.tests.dealings import Person, somebody
from wallet_project.kit import clock
from wallet_project.kit.testing.wire import trade_at
from wallet_project.launcher.environment import wechat_environment
from wallet_project.sandbox.client import Sandbox
from wallet_project.sandbox.testing import running_sandbox

Request = tuple[str, bytes, dict[str, str]]

_PACE = 50  # callbacks a second
_ASKING = 6  # requests a second of those who make us ask WeChat
_AT_ONCE = 8  # connections at full speed
_MANY = 64  # connections; more than are in use at a time at a steady pace
_WARM_UP = 32
_FLAP_SECONDS = 5
_PATIENCE_SECONDS = 180


def measure(server: Server, *, callbacks: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, running_sandbox(Path(folder)) as wechat:
        trade_at(wechat)
        paid, letters = _paid_top_ups(wechat, number=_WARM_UP + callbacks // 2 + callbacks)
        dice = random.Random(callbacks)
        steady = [letter for letter in letters[-callbacks:] for _copy in range(dice.randint(1, 3))]
        dice.shuffle(steady)
        others = _others(wechat, people=len(steady) * _ASKING // (3 * _PACE) + 1)
        dice.shuffle(others)
        _leave_nothing_else_to_do(server)
        known = wechat_environment(wechat.credentials, sandbox_url=wechat.base_url)
        with (
            web_server(**known) as address,
            background(Path(folder), **known, PUBLIC_URL=f"http://{address}"),
        ):
            deliver = partial(_deliver, address)
            _send(deliver, letters[:_WARM_UP], at_once=_AT_ONCE)
            _wait_until_credited(paid, but=callbacks // 2 + callbacks)
            _times, speed = _send(deliver, letters[_WARM_UP:-callbacks], at_once=_AT_ONCE)
            _wait_until_credited(paid, but=callbacks)
            begun = clock.now()
            with _flapping(wechat), ThreadPoolExecutor(1) as beside:
                turned_away: list[bool] = []
                asking = beside.submit(_send, partial(_ask, address, turned_away), others, pace=_ASKING)
                times, steady_speed = _send(deliver, steady, pace=_PACE)
                _wait_until_credited(paid)
                asking.result()
    _require_credited_once(paid)
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    what = f"callbacks at {_PACE}/s, WeChat flapping:"
    return [
        Row(f"callbacks over HTTP, {_AT_ONCE} at once, answered per second", speed),
        Row(f"{what} answered per second", steady_speed),
        Row(f"{what} p50 in ms", cuts[49] * 1_000),
        Row(f"{what} p99 in ms", cuts[98] * 1_000, at_most=500),
        Row(f"{what} slowest in ms", max(times) * 1_000, at_most=5_000),
        Row(f"{what} kept → credited, slowest in s", _slowest_credit(since=begun), at_most=5),
        Row(f"{what} other requests told to come again, %", 100 * statistics.mean(turned_away)),
    ]


def _paid_top_ups(wechat: Sandbox, *, number: int) -> tuple[list[int], list[Letter]]:
    """Of one person each, and the callbacks that say so."""
    with letterbox() as (address, letters):
        settings.PUBLIC_URL = address
        people = [known_at_wechat(User.objects.create(nickname="bench")) for _ in range(number)]
        paid = [pay(wechat, payer=person).pk for person in people]
        wechat.wait_until_idle(_PATIENCE_SECONDS)
    return paid, letters


def _others(wechat: Sandbox, *, people: int) -> list[Request]:
    """Each of these people withdraws, takes a top-up back and begins another."""
    with letterbox() as (address, letters):
        settings.PUBLIC_URL = address
        persons = [somebody(10 * AMOUNT) for _ in range(people)]
        topped_up = [(person, pay(wechat, payer=known_at_wechat(person.user))) for person in persons]
        wechat.wait_until_idle(_PATIENCE_SECONDS)
    for letter in letters:
        act_on(letter)
    return [
        request
        for person, top_up in topped_up
        for request in (
            _withdrawal(person),
            _refund(person, top_up),
            post("wallet/top-ups", {"amount": AMOUNT}, payer=person, grant=""),
        )
    ]


def _withdrawal(person: Person) -> Request:
    quote = str(make_quote(user_id=person.id, kind=MoveKind.WITHDRAW, amount=AMOUNT, facts={}).public_id)
    wish = {"amount": AMOUNT, "quote_id": quote, "way": "transfer"}
    return post("wallet/withdrawals", wish, payer=person, grant=_grant(person, quote=quote, payee="微信零钱"))


def _refund(person: Person, top_up: TopUp) -> Request:
    grant = _grant(person, top_up=top_up.number, payee="原路退回微信")
    return post(f"wallet/top-ups/{top_up.number}/refund", {"refund": AMOUNT}, payer=person, grant=grant)


def _grant(person: Person, **facts: str) -> str:
    return grant_for(person.login, Operation(kind=OperationKind.WITHDRAW, amount=AMOUNT, facts=facts))


def _leave_nothing_else_to_do(server: Server) -> None:
    """Of earlier measurements; and nobody asks WeChat about payments that its callbacks are to tell of."""
    server.as_owner(LEDGER, "TRUNCATE kit_job, kit_storedevent CASCADE")
    Payment.objects.update(next_query_at=clock.now() + timedelta(hours=1))


@contextmanager
def _flapping(wechat: Sandbox) -> Iterator[None]:
    """Silent first: whoever asks waits, and is hung up on."""
    over = threading.Event()

    def flap() -> None:
        while not over.is_set():
            wechat.fault("timeout_before", path="/v3/", times=1_000_000, seconds=_FLAP_SECONDS)
            over.wait(_FLAP_SECONDS)
            wechat.clear_faults()
            over.wait(_FLAP_SECONDS)

    with ThreadPoolExecutor(1) as weather:
        flapping = weather.submit(flap)
        try:
            yield
        finally:
            over.set()
        flapping.result()


def _send(
    send: Callable[[Any], None], what: Sequence[Any], *, at_once: int = _MANY, pace: float | None = None
) -> tuple[list[float], float]:
    """
    Every one's seconds, and how many a second were done. With a `pace` each is due at its moment, however
    late the ones before are, and its seconds count from there.
    """
    begun = time.perf_counter()

    def one(number: int, content: Any) -> float:
        due = begun + number / pace if pace else time.perf_counter()
        time.sleep(max(due - time.perf_counter(), 0))
        send(content)
        return time.perf_counter() - due

    with ThreadPoolExecutor(at_once) as hands:
        times = list(hands.map(one, range(len(what)), what))
    return times, len(times) / (time.perf_counter() - begun)


def _deliver(address: str, letter: Letter) -> None:
    headers, body = letter
    status, said = _post(address, NOTIFY_PATH, body, dict(headers))
    assert status == 204, said


def _ask(address: str, turned_away: list[bool], request: Request) -> None:
    status, said = _post(address, *request)
    assert status in {200, 201, 503}, said
    turned_away.append(status == 503)


def _post(address: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    with closing(HTTPConnection(address, timeout=30)) as line:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def _wait_until_credited(paid: Sequence[int], *, but: int = 0) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (left := TopUp.objects.filter(pk__in=paid).exclude(state="CREDITED").count()) > but:
        assert time.monotonic() < deadline, f"{left - but} payments are not credited"
        time.sleep(0.2)


def _require_credited_once(paid: Sequence[int]) -> None:
    accounts = LedgerAccount.objects.filter(code="principal", wallet__top_ups__in=paid)
    balances = list(accounts.values_list("balance", flat=True))
    assert balances == [AMOUNT] * len(paid), "somebody has not been credited exactly once"


def _slowest_credit(*, since: datetime) -> float:
    """Seconds between our 204 and the ledger."""
    told = CallbackReceipt.objects.filter(event_type="TRANSACTION.SUCCESS", created_at__gte=since)
    return told.aggregate(longest=Max(F("handled_at") - F("created_at")))["longest"].total_seconds()
