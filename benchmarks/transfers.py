"""send_transfer, whole: the proof is used up, limits, the ledger, both records, outbox."""

import random
from typing import Any

from benchmarks.report import Row
from benchmarks.servers import Server
from benchmarks.workers import Workers

_EACH = 20  # transfers of one person: fewer than a day's limit
_A_SECOND = 60  # of one process; more than it can send


def measure(server: Server, workers: Workers, *, seconds: int, clients: int) -> list[Row]:
    before = server.anchor(seconds=seconds, clients=clients)
    speed, _times = workers.run("send_transfer", seconds=seconds)
    after = server.anchor(seconds=seconds, clients=clients)
    return [Row("send_transfer service ÷ anchor", 2 * speed / (before + after), at_least=0.25)]


class Transfers:
    """Found, quoted and proven before the clock runs: that is the work of other requests."""

    def __init__(self) -> None:
        self._ready: list[dict[str, Any]] = []

    def prepare(self, *, seconds: int) -> None:
        from wallet.tests.dealings import ready_to_send, somebody

        wanted = _A_SECOND * seconds
        people = [somebody(10**6) for _ in range(wanted // _EACH + 2)]
        pairs = [(payer, people[place - 1]) for place, payer in enumerate(people)]
        self._ready = [ready_to_send(payer, payee, 1) for payer, payee in (pairs * _EACH)[: wanted + 1]]

    def __call__(self, _dice: random.Random) -> None:
        from wallet.services.transfers import send_transfer

        send_transfer(**self._ready.pop())
