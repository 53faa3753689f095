"""What WeChat holds for us, by our ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from wallet.rules.chart import platform_accounts
from wallet.rules.kinds import JournalKind
from wallet.selectors.moments import A_MOMENT
from wallet_project.kit.money import Fen

_CLEARING = [account_id for account_id, row, _slot in platform_accounts() if row.code == "wechat_clearing"]
_BALANCE = """
    SELECT coalesce(-sum(last.balance_after), 0)
    FROM unnest(%s::bigint[]) AS account
    JOIN wallet_entry AS last ON last.account_id = account AND last.version = ledger_entry_at(account, %s)
"""
_MOVED = """
    SELECT kind, count(*), sum(amount) FROM wallet_clearing_move
    WHERE at >= %s AND at < %s GROUP BY kind ORDER BY kind
"""
_OF_ONE = "SELECT journal_id, at, amount FROM wallet_clearing_move WHERE told = %s"


@dataclass(frozen=True)
class ClearingSum:
    """Journals of one kind; `amount` is by how much WeChat holds more because of them."""

    kind: JournalKind
    count: int
    amount: int


@dataclass(frozen=True)
class ClearingMove:
    """One journal; `amount` is by how much WeChat holds more because of it."""

    journal_id: int
    at: datetime
    amount: int


def clearing_balance(*, before: datetime) -> Fen:
    """What WeChat held for us at a moment, in fen: all that was booked earlier."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, [_CLEARING, before - A_MOMENT])
        return Fen(int(cursor.fetchone()[0]))


def clearing_sums(*, since: datetime, until: datetime) -> list[ClearingSum]:
    """What was booked from one moment to another, by kind."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [since, until])
        return [
            ClearingSum(JournalKind(kind), count, int(amount)) for kind, count, amount in cursor.fetchall()
        ]


def clearing_move_of(told: str) -> ClearingMove | None:
    """What was booked of this payment, refund or transfer, `wx:pay:4200…`; None where nothing was."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE, [told])
        found = cursor.fetchone()
    return ClearingMove(*found) if found else None
