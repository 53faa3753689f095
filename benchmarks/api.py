"""
Over HTTP, as a mini-program asks: granian with two workers, as `make run` has it; a token on every request.

What comes before the request that moves the money (payee, quote, order, proof) is done before the clock runs.
Nothing is left out of that one request: idempotency, PIN grant, limits, screening, ledger, records, audit,
outbox.
"""

import random
import statistics
from http.client import HTTPConnection
from json import dumps
from typing import Any
from uuid import uuid4

from benchmarks.report import Row
from benchmarks.servers import Server
from benchmarks.system import web_server
from benchmarks.workers import Workers

_EACH = 20  # moves of one person: fewer than a day's limit
_PACE = 50  # payments a second, for how long they take when nobody pushes
_MOST = 40  # a second and process; more than it can ask for


def measure(server: Server, workers: Workers, *, seconds: int, clients: int) -> list[Row]:
    with web_server() as address:
        rows = [
            Row(f"API: {what} ÷ anchor", _ratio(server, workers, f"{way}@{address}", seconds, clients), floor)
            for what, way, floor in (
                ("bare transfer endpoint, token on", "api_transfer", 0.28),
                ("pay an order by balance, everything on", "api_pay", 0.15),
            )
        ]
        _speed, times = workers.run(f"api_pay@{address}", seconds=seconds, pace=_PACE / clients)
    slowest = statistics.quantiles(times, n=100)[98]
    return [*rows, Row(f"API: pay an order by balance, p99 at {_PACE}/s, ms", slowest * 1_000, at_most=100)]


def _ratio(server: Server, workers: Workers, way: str, seconds: int, clients: int) -> float:
    before = server.anchor(seconds=seconds, clients=clients)
    speed, _times = workers.run(way, seconds=seconds)
    after = server.anchor(seconds=seconds, clients=clients)
    return 2 * speed / (before + after)


class Asks:
    """One connection, kept open, and requests that are ready to be sent; whatever fails ends the run."""

    def __init__(self, address: str) -> None:
        self._connection = HTTPConnection(address, timeout=30)
        self._ready: list[tuple[str, bytes, dict[str, str]]] = []

    def prepare(self, *, seconds: int) -> None:
        from wallet.tests.dealings import somebody

        wanted = _MOST * seconds
        people = [somebody(10**6) for _ in range(wanted // _EACH + 2)]
        pairs = [(payer, people[place - 1]) for place, payer in enumerate(people)] * _EACH
        self._ready = [self._request(payer, payee) for payer, payee in pairs[: wanted + 1]]
        self._connection.close()  # the server did not wait that long; the next request opens another

    def __call__(self, _dice: random.Random) -> None:
        path, body, headers = self._ready.pop()
        self._connection.request("POST", path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {said.decode()}")

    def _request(self, payer: Any, payee: Any) -> tuple[str, bytes, dict[str, str]]:
        raise NotImplementedError


class AskForTransfer(Asks):
    def _request(self, payer: Any, payee: Any) -> tuple[str, bytes, dict[str, str]]:
        from wallet.tests.dealings import ready_to_send

        wish = ready_to_send(payer, payee, 1)
        body = {name: wish[name] for name in ("payee_token", "amount", "quote_id")}
        return post("wallet/transfers", body, payer=payer, grant=wish["grant"])


class AskForPayment(Asks):
    def _request(self, payer: Any, payee: Any) -> tuple[str, bytes, dict[str, str]]:
        from accounts.rules.step_up import Operation, OperationKind
        from accounts.tests.factories import grant_for
        from payments.models import Store
        from payments.services.orders import create_store_order

        store, _new = Store.objects.get_or_create(code="bench", defaults={"name": "人民路店"})
        order = create_store_order(payer_id=payer.id, store_code=store.code, amount=1, remark="")
        facts = {"order": order.number, "payee": store.name}
        grant = grant_for(payer.login, Operation(kind=OperationKind.ORDER_PAY, amount=1, facts=facts))
        return post(f"orders/{order.number}/pay", {"method": "balance"}, payer=payer, grant=grant)


ASKED = {"api_transfer": AskForTransfer, "api_pay": AskForPayment}


def post(path: str, body: dict[str, Any], *, payer: Any, grant: str) -> tuple[str, bytes, dict[str, str]]:
    headers = {
        **payer.login.as_header(),
        "Content-Type": "application/json",
        "Idempotency-Key": uuid4().hex,
        "Step-Up-Grant": grant,
    }
    return f"/api/v1/{path}", dumps(body).encode(), headers
