"""Who shares devices with somebody, and whom they pay: a small graph for whoever works on a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

_DAYS, _MOST = 90, 40

_SHARED = """
    SELECT other.device_id, person.uid::text, count(*), sum(other.amount)::bigint
    FROM (
        SELECT DISTINCT device_id FROM payments_riskmove
        WHERE user_id = %(user)s AND device_id IS NOT NULL AND at > %(since)s LIMIT 20
    ) AS mine
    JOIN payments_riskmove AS other ON other.device_id = mine.device_id AND other.at > %(since)s
    JOIN accounts_user AS person ON person.id = other.user_id
    GROUP BY 1, 2 ORDER BY 3 DESC LIMIT %(most)s
"""
_PAID = """
    SELECT payee, count(*), sum(amount)::bigint FROM payments_riskmove
    WHERE user_id = %(user)s AND payee LIKE 'user:%%' AND at > %(since)s
    GROUP BY 1 ORDER BY 3 DESC LIMIT %(most)s
"""
_PAID_BY = """
    SELECT person.uid::text, count(*), sum(move.amount)::bigint
    FROM payments_riskmove AS move JOIN accounts_user AS person ON person.id = move.user_id
    WHERE move.payee = %(payee)s AND move.at > %(since)s
    GROUP BY 1 ORDER BY 3 DESC LIMIT %(most)s
"""


@dataclass(frozen=True, kw_only=True)
class Tie:
    """`kind` in words; `amount` in fen."""

    kind: str
    to: str
    moves: int
    amount: int
    device: str = ""


def ties_of(*, user_id: int, uid: str, at: datetime) -> list[Tie]:
    """Of the last ninety days, three statements."""
    asked: dict[str, Any] = {
        "user": user_id,
        "payee": f"user:{uid}",
        "since": at - timedelta(days=_DAYS),
        "most": _MOST,
    }
    ties = []
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, asked)
        for device, other, moves, amount in cursor.fetchall():
            if other != uid:
                ties.append(Tie(kind="共用设备", to=other, moves=moves, amount=amount, device=device))
        cursor.execute(_PAID, asked)
        for payee, moves, amount in cursor.fetchall():
            ties.append(Tie(kind="付款给", to=payee.removeprefix("user:"), moves=moves, amount=amount))
        cursor.execute(_PAID_BY, asked)
        ties += [
            Tie(kind="收款自", to=other, moves=moves, amount=amount)
            for other, moves, amount in cursor.fetchall()
        ]
    return ties
