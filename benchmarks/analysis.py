"""What looking at one's spending costs after a year of very many payments, among customers with their own."""

import statistics
import time
import uuid
from collections.abc import Callable

from benchmarks.report import Row
from benchmarks.servers import LEDGER, Server

_FEW = 200  # lines of a year, for somebody like most
_ASKED = 40  # times, after as many to warm up

_OPEN = "SELECT (ledger_open_wallet(%(user)s)).id"
# A year of payments at sixty stores in eight categories, one on each past journal, filed as they would be.
_SPEND = """
    WITH line AS (
        SELECT id AS journal, n, now() - (n - 1) * interval '365 days' / %(lines)s AS at,
               100 + mod(n * 7919, 9900) AS amount, 'store:' || mod(n, 60) AS store
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
              FROM wallet_journal LIMIT %(lines)s) AS journal
    ), written AS (
        INSERT INTO wallet_record
            (wallet_id, journal_id, kind, direction, amount, balance_amount, channel_amount, balance_after,
             counterparty, counterparty_name, title, reference, occurred_at, month)
        SELECT %(wallet)s, journal, 'payment', 'out', amount, amount, 0, 0,
               store, store, '付款', 'A' || n, at, to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')
        FROM line RETURNING id, wallet_id, amount, occurred_at
    ) INSERT INTO wallet_recordcategory
        (record_id, wallet_id, nature, amount, occurred_at, category_id, filed_by)
      SELECT id, wallet_id, 'spent', amount, occurred_at,
             ('{food,shopping,transport,bills,leisure,health,education,people}'::text[])[1 + mod(id, 8)],
             'rule'
      FROM written
"""


def measure(server: Server, *, lines: int) -> list[Row]:
    """The same questions of somebody with a few lines and of somebody with very many."""
    few, many = _questions(*_spender(server, _FEW)), _questions(*_spender(server, lines))
    size = f"{lines:,} lines of a year"
    return [
        Row(f"a record's category and totals, {size} ÷ {_FEW}", many["filing"] / few["filing"], at_most=1.2),
        Row(f"budgets, {size} ÷ {_FEW}", many["budgets"] / few["budgets"], at_most=2),
        Row(f"analysis of this month, {size}, ms", many["month"] * 1_000, at_most=150),
        Row(f"analysis of this year, {size}, ms", many["year"] * 1_000, at_most=300),
    ]


def _spender(server: Server, lines: int) -> tuple[int, int]:
    """A new user, and their wallet with so many lines."""
    from accounts.models import User

    user = User.objects.create(nickname="spender").pk
    wallet = server.as_owner(LEDGER, _OPEN, user=user)[0][0]
    server.as_owner(LEDGER, _SPEND, wallet=wallet, lines=lines)
    server.as_owner(LEDGER, "VACUUM ANALYZE wallet_record, wallet_recordcategory, wallet_categorytotal")
    return user, wallet


def _questions(user: int, wallet: int) -> dict[str, float]:
    from wallet.selectors.analysis import analysis_of
    from wallet.selectors.budgets import budgets_of
    from wallet.selectors.periods import month_period, year_period
    from wallet.services.budgets import set_budget
    from wallet_project.kit import clock
    from wallet_project.kit.money import Fen

    for category in (None, "food", "leisure"):
        set_budget(user_id=user, category=category, amount=Fen(10_000))
    now = clock.now()
    month = clock.business_month(now)
    return {
        "filing": _median(lambda: _spend_once_more(wallet)),
        "budgets": _median(lambda: budgets_of(user, month=month)),
        "month": _median(lambda: analysis_of(user, month_period(month), at=now)),
        "year": _median(lambda: analysis_of(user, year_period(month[:4]), at=now)),
    }


def _spend_once_more(wallet: int) -> None:
    from django.db import transaction

    from wallet.rules.kinds import JournalKind, RecordKind
    from wallet.rules.postings import suspense_in_legs
    from wallet.services.ledger import post_journal
    from wallet.services.records import write_record
    from wallet_project.kit.money import Fen

    key = f"spend:{uuid.uuid4().hex[:20]}"
    with transaction.atomic():
        journal = post_journal(kind=JournalKind.SUSPENSE_IN, key=key, legs=suspense_in_legs(amount=Fen(5)))
        write_record(
            wallet_id=wallet,
            journal=journal,
            kind=RecordKind.PAYMENT,
            title="付款",
            reference=key,
            channel_amount=Fen(5),
            counterparty="store:1",
            counterparty_name="store:1",
        )


def _median(question: Callable[[], object]) -> float:
    times = []
    for _ in range(2 * _ASKED):
        start = time.perf_counter()
        question()
        times.append(time.perf_counter() - start)
    return statistics.median(times[_ASKED:])
