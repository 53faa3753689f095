"""A very deep history, written by SQL as if it had been posted: what does a balance cost then?"""

import statistics
import time
from collections.abc import Callable

from benchmarks.report import Row
from benchmarks.servers import LEDGER, Server

_PAIRS = 500  # givers, and as many receivers: each has the same share of the entries
_SHORT = 30  # entries of each at first: more than a page
_RICH = 10**12

_OPEN = """
    SELECT ledger_post(1::smallint, 'deep:fund:' || w.id, '', 'top_up', '', '{}',
                       ARRAY[w.id * 10 + 1, 9000000000000100]::bigint[],
                       ARRAY[%(rich)s, -%(rich)s]::bigint[], NULL, NULL, NULL, NULL)
    FROM (SELECT (ledger_open_wallet(id)).id
          FROM accounts_user WHERE nickname = 'deep' ORDER BY id) AS w
"""
_FIRST = """
    SELECT min(w.id), (SELECT max(id) FROM wallet_journal)
    FROM wallet_wallet AS w JOIN accounts_user AS u ON u.id = w.user_id WHERE u.nickname = 'deep'
"""
# As the owner, with the triggers asleep: the function would take an hour. In round n giver p moves one fen
# to receiver p, so versions, balances and journals are arithmetic.
_WRITE = """
    SET session_replication_role = replica;
    CREATE TEMPORARY TABLE move AS
        SELECT n, (n - 1) * %(pairs)s + p + 1 AS place, (%(first)s + p) * 10 + 1 AS giver,
               (%(first)s + %(pairs)s + p) * 10 + 1 AS receiver
        FROM generate_series(%(since)s, %(until)s) AS n, generate_series(0, %(pairs)s - 1) AS p;
    INSERT INTO wallet_journal
        (id, book_id, key, request_hash, kind, reference, facts, at, business_date, xid)
        SELECT %(base)s + place, 1, 'deep:' || place, '\\x00', 'transfer', '', '{}',
               now() + place * interval '1 microsecond', current_date, pg_current_xact_id()::text::bigint
        FROM move;
    INSERT INTO wallet_entry (account_id, version, journal_id, amount, balance_after, at)
        SELECT account, 1 + n, %(base)s + place, sign, %(rich)s + sign * n,
               now() + place * interval '1 microsecond'
        FROM move, LATERAL (VALUES (giver, -1), (receiver, 1)) AS leg (account, sign);
    WITH written AS (
    INSERT INTO wallet_record
        (wallet_id, journal_id, kind, direction, amount, balance_amount, channel_amount, balance_after, title,
         reference, occurred_at, month)
        SELECT giver / 10, %(base)s + place, 'transfer_out', 'out', 1, 1, 0, %(rich)s - n, '转账', '',
               now() + place * interval '1 microsecond', to_char(now(), 'YYYY-MM')
        FROM move RETURNING id, wallet_id, amount, occurred_at
    ) INSERT INTO wallet_recordcategory
        (record_id, wallet_id, nature, amount, occurred_at, category_id, filed_by)
        SELECT id, wallet_id, 'spent', amount, occurred_at, 'people', 'rule' FROM written;
    CREATE TEMPORARY TABLE total AS
        SELECT account, sum(sign) AS moved, count(*) AS entries
        FROM move, LATERAL (VALUES (giver, -1), (receiver, 1)) AS leg (account, sign) GROUP BY account;
    UPDATE wallet_ledgeraccount AS a
        SET balance = a.balance + moved, version = a.version + entries,
            last_at = now() + %(until)s * %(pairs)s * interval '1 microsecond'
        FROM total WHERE a.id = account;
    SELECT setval('wallet_journal_id_seq', %(base)s + %(until)s * %(pairs)s + 1);
"""


def measure(server: Server, *, entries: int) -> list[Row]:
    """The same questions of the same people with a page of entries each, and with their part of millions."""
    from accounts.models import User

    people = User.objects.bulk_create([User(nickname="deep") for _ in range(2 * _PAIRS)], batch_size=1_000)
    users = [person.pk for person in people]
    server.as_owner(LEDGER, _OPEN, rich=_RICH)
    first, base = server.as_owner(LEDGER, _FIRST)[0]

    def write(*, since: int, until: int) -> None:
        server.as_owner(
            LEDGER, _WRITE, first=first, base=base, since=since, until=until, pairs=_PAIRS, rich=_RICH
        )
        server.as_owner(LEDGER, "VACUUM ANALYZE")

    write(since=1, until=_SHORT)
    short = _questions(users)
    write(since=_SHORT + 1, until=entries // (2 * _PAIRS))
    deep = _questions(users)
    before = 2 * _PAIRS * _SHORT
    return [
        Row(f"{question}, {entries:,} entries ÷ {before:,}", deep[question] / short[question], at_most=1.2)
        for question in short
    ]


def _questions(users: list[int]) -> dict[str, float]:
    from wallet.selectors.balances import balance_of
    from wallet.selectors.records import records_of

    givers = users[:_PAIRS:3]
    return {
        "balance": _median(balance_of, givers),
        "first page of records": _median(lambda user_id: list(records_of(user_id)[:21]), givers),
    }


def _median(question: Callable[[int], object], subjects: list[int]) -> float:
    times = []
    for subject in (*subjects, *subjects):  # once to warm up
        start = time.perf_counter()
        question(subject)
        times.append(time.perf_counter() - start)
    return statistics.median(times[len(subjects) :])
