"""
Every fen accounted for: recompute what the ledger claims and name whatever does not agree.

Each sentence is SQL that finds what breaks it; on a sound ledger it finds nothing. All of them are asked in
one statement and so of one snapshot: payments may go on meanwhile.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from wallet.models import HoldEvent, Seal
from wallet.selectors.balances import balance_at
from wallet.services.sentences import books, lots, moves, red_packets
from wallet.services.sentences.base import MOVED, SCOPES, Sentence

PAST_BALANCES = Sentence(
    name="past_balance_is_of_entries",
    says="what we answer for a moment of the past is what the entries until then add up to",
    words="查询任一时刻的余额，都等于此前分录之和（抽样）",
    broken="",  # asked of the very function that customers ask, account by account
    nightly=True,
)
SENTENCES: tuple[Sentence, ...] = (
    *books.SENTENCES,
    *lots.SENTENCES,
    *moves.SENTENCES,
    *red_packets.SENTENCES,
    *chain.from_iterable(import_string(path) for path in settings.BOOK_SENTENCES),
    PAST_BALANCES,
)
BY_NAME = {sentence.name: sentence for sentence in SENTENCES}

_EXAMPLES = 5
_SAMPLED_ACCOUNTS = 100
# Hold events are numbered before they are committed; this far behind the last one a check looks again.
_LATECOMERS = 1_000

# Later entries of an account are not earlier than its last one, so the past before it stands still.
_MOMENTS = """
    SELECT a.id, a.moment, (SELECT coalesce(sum(e.amount), 0) FROM wallet_entry AS e
                            WHERE e.account_id = a.id AND e.at <= a.moment)
    FROM (SELECT chosen.id, chosen.last_at, first.at + random() * (chosen.last_at - first.at) AS moment
          FROM (SELECT id, last_at FROM wallet_ledgeraccount WHERE version > 1
                ORDER BY random() LIMIT %s) AS chosen
          JOIN wallet_entry AS first ON first.account_id = chosen.id AND first.version = 1
          OFFSET 0) AS a
    WHERE a.moment < a.last_at"""


@dataclass(frozen=True, kw_only=True)
class Position:
    """How far a check has looked: every transaction before this one, every hold event up to this one."""

    transaction: int
    event: int


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A sentence that does not hold, how often, and the first subjects that break it."""

    name: str
    count: int
    examples: list[str]

    @property
    def sentence(self) -> str:
        return BY_NAME[self.name].says


@dataclass(frozen=True, kw_only=True)
class LedgerReport:
    """What was looked at, and what of it does not hold. Whoever looks again begins `upto`."""

    upto: Position
    journals: int
    entries: int
    head: str  # "12:9f86…": height and hash of the newest seal, empty before the first
    holds_true: list[str]
    findings: list[Finding]


def check_ledger(*, since: Position | None = None) -> LedgerReport:
    """
    Recompute everything; or what was posted since an earlier check, and the accounts that it touched.

    The connection's statement timeout does not apply.
    """
    asked = [each for each in SENTENCES if since is None or not each.nightly]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        upto = _position(cursor)
        bounds = _bounds(cursor, since)
        cursor.execute(_statement(asked, since=since), bounds)
        found = {name: (count, examples or []) for name, count, examples in cursor.fetchall()}
        if PAST_BALANCES in asked:
            broken = _broken_past(cursor)
            found[PAST_BALANCES.name] = (len(broken), broken[:_EXAMPLES])
    return LedgerReport(
        upto=upto,
        journals=found["journals"][0],
        entries=found["entries"][0],
        head="".join(found["head"][1]),
        holds_true=[each.says for each in asked if not found[each.name][0]],
        findings=[
            Finding(name=each.name, count=found[each.name][0], examples=found[each.name][1])
            for each in asked
            if found[each.name][0]
        ],
    )


def is_sealed(head: str) -> bool:
    """Whether a head published earlier is still part of the chain: nobody rebuilt what lies below it."""
    height, _, digest = head.partition(":")
    seal = Seal.objects.filter(height=int(height)).first() if height.isdigit() else None
    return seal is not None and bytes(seal.hash).hex() == digest


def _statement(asked: list[Sentence], *, since: Position | None) -> str:
    """All sentences in one; each row is a name, how many break it, and which."""
    scopes = ", ".join(
        f"{name} AS NOT MATERIALIZED ({everything})" if since is None else f"{name} AS ({part})"
        for name, (everything, part) in SCOPES.items()
    )
    rows = [
        "SELECT 'journals', count(*), NULL::text[] FROM journal",
        "SELECT 'entries', count(*), NULL FROM entry",
        "SELECT 'head', 0, ARRAY(SELECT height || ':' || encode(hash, 'hex') FROM wallet_seal"
        " ORDER BY height DESC LIMIT 1)",
    ] + [
        f"SELECT '{each.name}', count(*), (array_agg(subject::text))[1:{_EXAMPLES}]"  # noqa: S608 - our constants
        f" FROM ({each.broken}) AS found (subject)"
        for each in asked
        if each.broken
    ]
    return f"WITH {scopes}, moved AS MATERIALIZED ({MOVED}) {' UNION ALL '.join(rows)}"


def _position(cursor: Any) -> Position:
    """Every transaction before it has ended, so nothing can be added there any more."""
    cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    newest = HoldEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    return Position(transaction=cursor.fetchone()[0], event=newest or 0)


def _bounds(cursor: Any, since: Position | None) -> dict[str, Any]:
    if since is None:
        return {}
    # OFFSET 0: or PostgreSQL looks for the lowest number by reading all journals in their order.
    cursor.execute(
        "SELECT min(id), coalesce(min(at), now()), (SELECT max(id) FROM wallet_journal)"
        " FROM (SELECT id, at FROM wallet_journal WHERE xid >= %s OFFSET 0) AS new",
        [since.transaction],
    )
    first, moment, last = cursor.fetchone()
    return {
        "transaction": since.transaction,
        "journal": first or (last or 0) + 1,
        "moment": moment,
        "event": since.event - _LATECOMERS,
    }


def _broken_past(cursor: Any) -> list[str]:
    cursor.execute(_MOMENTS, [_SAMPLED_ACCOUNTS])
    return [
        str(account_id)
        for account_id, moment, rebuilt in cursor.fetchall()
        if balance_at(account_id, moment) != rebuilt
    ]
