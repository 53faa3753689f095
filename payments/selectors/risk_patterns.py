"""Patterns in the counted moves of the last days, a statement each."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from payments.rules.risk_patterns import (
    DAYS,
    MULE,
    MULE_DAYS,
    MULE_PAYERS,
    MULE_PERCENT,
    MULE_SUM,
    PASS_THROUGH_DAYS,
    PASS_THROUGH_PERCENT,
    PASS_THROUGH_SUM,
    PASS_THROUGH_TIMES,
    RING,
    RING_DAYS,
    RING_USERS,
    Found,
    Pattern,
)
from wallet_project.kit.money import Fen

_RING = """
    SELECT split_part(payee, ':', 2), sum(amount)::bigint, count(*), count(DISTINCT user_id)
    FROM payments_riskmove
    WHERE at > %(at)s - make_interval(days => %(days)s) AND payee LIKE 'user:%%' AND device_id IS NOT NULL
    GROUP BY payee, device_id HAVING count(DISTINCT user_id) >= %(users)s
"""

# What came from people and what went out of the same person's wallet.
_MULE = """
    WITH got AS (
        SELECT split_part(payee, ':', 2)::uuid AS uid, sum(amount) AS came, count(DISTINCT user_id) AS payers
        FROM payments_riskmove
        WHERE at > %(at)s - make_interval(days => %(days)s) AND payee LIKE 'user:%%'
        GROUP BY payee HAVING count(DISTINCT user_id) >= %(payers)s AND sum(amount) >= %(sum)s
    )
    SELECT got.uid::text, got.came::bigint, gone.went::bigint, got.payers
    FROM got
    JOIN accounts_user AS person ON person.uid = got.uid
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS went FROM payments_riskmove
        WHERE user_id = person.id AND family = 'out' AND at > %(at)s - make_interval(days => %(days)s)
    ) AS gone
    WHERE gone.went * 100 >= got.came * %(percent)s
"""

_DAYS = """
    WITH gone AS (
        SELECT user_id, (at AT TIME ZONE 'Asia/Shanghai')::date AS day, sum(amount) AS went
        FROM payments_riskmove
        WHERE at > %(at)s - make_interval(days => %(days)s) AND family = 'out'
        GROUP BY 1, 2 HAVING sum(amount) >= %(sum)s
    ), came AS (
        SELECT payer_id AS user_id, (settled_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
            sum(from_channel) AS came
        FROM payments_payment
        WHERE top_up_id IS NOT NULL AND state = 'PAID'
            AND settled_at > %(at)s - make_interval(days => %(days)s)
        GROUP BY 1, 2 HAVING sum(from_channel) >= %(sum)s
    )
    SELECT person.uid::text, sum(gone.went)::bigint, count(*), sum(came.came)::bigint
    FROM gone
    JOIN came USING (user_id, day)
    JOIN accounts_user AS person ON person.id = gone.user_id
    WHERE gone.went * 100 >= came.came * %(percent)s
    GROUP BY person.uid HAVING count(*) >= %(times)s
"""


def patterns_found(*, at: datetime) -> Iterator[Found]:
    yield from _asked(RING, _RING, ("笔数", "账户数"), at=at, days=RING_DAYS, users=RING_USERS)
    yield from _asked(
        MULE,
        _MULE,
        ("转出合计（分）", "付款人数"),
        at=at,
        days=MULE_DAYS,
        payers=MULE_PAYERS,
        sum=MULE_SUM,
        percent=MULE_PERCENT,
    )
    yield from _asked(
        DAYS,
        _DAYS,
        ("天数", "充值合计（分）"),
        at=at,
        days=PASS_THROUGH_DAYS,
        sum=PASS_THROUGH_SUM,
        percent=PASS_THROUGH_PERCENT,
        times=PASS_THROUGH_TIMES,
    )


def _asked(pattern: Pattern, statement: str, named: tuple[str, str], **asked: Any) -> Iterator[Found]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows = cursor.fetchall()
    for uid, amount, *counts in rows:
        evidence = {"近几日": asked["days"], **dict(zip(named, counts, strict=True))}
        yield Found(pattern=pattern, uid=uid, amount=Fen(amount), evidence=evidence)
