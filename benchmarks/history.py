"""What a long history costs: bytes, looking back, reading a page, checking everything."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from benchmarks.report import Row
from benchmarks.servers import LEDGER, Server
from benchmarks.town import grow_history

_SHORT = 5_000  # journals, two entries each
_NEW = 5_000  # journals since the last check


def measure(server: Server, *, journals: int) -> list[Row]:
    """The same questions after a short history and after a long one."""
    grow_history(server, first=0, journals=_SHORT)
    empty = _bytes(server)
    short = _questions()
    grow_history(server, first=_SHORT, journals=journals)
    per_journal = (_bytes(server) - empty) / journals
    long = _questions()
    size = f"{2 * journals:,} entries"  # and a few that were there
    return [
        Row("bytes per two-leg transfer, indexes included", per_journal, at_most=600),
        Row(f"balance, {size} ÷ short history", long["balance"] / short["balance"], at_most=1.2),
        *(
            Row(f"{question}, {size} ÷ short history", long[question] / short[question], at_most=1.2)
            for question in ("first page of records", "first page of one store", "one record's timeline")
        ),
        Row(f"balance at a moment, {size}, ms", long["past balance"] * 1_000, at_most=1),
        Row(f"sealing {size}, s", _seconds(_seal)),
        Row(f"check_ledger over {size}, s", _seconds(_check), at_most=30),
        *_checking_what_is_new(server, first=_SHORT + journals),
    ]


def _checking_what_is_new(server: Server, *, first: int) -> list[Row]:
    """The check of every few minutes: what was posted since the last one, however long the past is."""
    from wallet.services.integrity import check_ledger

    looked_at = check_ledger().upto
    grow_history(server, first=first, journals=_NEW)

    def look() -> None:
        report = check_ledger(since=looked_at)
        assert not report.findings, report.findings
        assert report.journals >= _NEW, report

    return [Row(f"check_ledger over the {2 * _NEW:,} newest entries, s", _seconds(look))]


def _questions() -> dict[str, float]:
    """Median seconds of what customers ask all day."""
    from accounts.models import User
    from wallet.rules.chart import customer_account_id
    from wallet.selectors.balances import balance_at, balance_of
    from wallet.selectors.records import Wanted, records_of
    from wallet.selectors.timelines import timeline_of
    from wallet_project.kit import clock

    at_one_store = Wanted(counterparty="store:bench")
    users = list(User.objects.order_by("pk").values_list("pk", flat=True)[:200])
    past = clock.now() - timedelta(seconds=20)
    return {
        "balance": _median(balance_of, users),
        "first page of records": _median(lambda user_id: list(records_of(user_id)[:21]), users),
        "first page of one store": _median(
            lambda user_id: list(records_of(user_id, at_one_store)[:21]), users
        ),
        "one record's timeline": _median(
            lambda user_id: [timeline_of(record) for record in records_of(user_id)[:1]], users
        ),
        "past balance": _median(
            lambda number: balance_at(customer_account_id("principal", wallet_id=number), past), range(1, 201)
        ),
    }


def _median(question: Callable[[int], object], subjects: object) -> float:
    def ask(subject: int) -> float:
        start = time.perf_counter()
        question(subject)
        return time.perf_counter() - start

    for subject in subjects:  # warm
        ask(subject)
    return statistics.median(ask(subject) for subject in subjects)


def _seal() -> None:
    from wallet.services.seals import seal_journals

    seal_journals()


def _check() -> None:
    from wallet.services.integrity import check_ledger

    report = check_ledger()
    assert not report.findings, report.findings


def _seconds(action: Callable[[], None]) -> float:
    start = time.perf_counter()
    action()
    connection.close()
    return time.perf_counter() - start


def _bytes(server: Server) -> int:
    return server.as_owner(
        LEDGER, "SELECT pg_total_relation_size('wallet_journal') + pg_total_relation_size('wallet_entry')"
    )[0][0]
