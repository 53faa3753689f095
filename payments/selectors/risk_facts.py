"""The facts of a move, in one statement."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.rules.screening import Move
from accounts.rules.step_up import MONEY
from payments.rules.risk import Earlier
from payments.rules.risk_facts import DIMENSIONS, NEVER, WINDOWS, Facts
from payments.rules.risk_lists import networks_around
from wallet_project.kit import clock

OUT = "out"  # everything that leaves the balance is counted together
_PAYING_PEOPLE = "user:"
_NIGHT = range(5)
_ROUND = 100_00
_FEWEST_ORDERS = 5
_ADDS_ONE = {f"{dimension}_count_{window}" for dimension in DIMENSIONS for window in WINDOWS}
_ADDS_AMOUNT = {f"{dimension}_sum_{window}" for dimension in DIMENSIONS for window in WINDOWS}

_FACTS = """
    SELECT * FROM risk_facts(%(keys)s::bigint[], %(at)s, %(family)s, %(operation)s, %(user)s, %(device)s,
        %(ip)s, %(payee)s, %(own)s, %(uid)s, %(payee_uid)s, %(networks)s::text[], %(amount)s)
"""


def family_of(operation: str) -> str:
    return OUT if operation in MONEY else operation


def facts_of(move: Move, *, at: datetime, keys: Collection[int] = ()) -> tuple[Facts, Earlier]:
    """
    What rules may look at, and what was said of the same move before. One round trip (sql/risk_facts.sql),
    which begins by locking `keys`, in this order and until the caller's transaction ends: what is committed
    meanwhile is counted, too.
    """
    payee_uid = move.to.removeprefix(_PAYING_PEOPLE) if move.to.startswith(_PAYING_PEOPLE) else None
    asked: dict[str, Any] = {
        "at": at,
        "keys": list(keys),
        "family": family_of(move.operation),
        "operation": move.operation,
        "user": move.user_id,
        "device": move.device_id or None,
        "ip": move.ip or None,
        "payee": move.to or None,
        "own": f"{_PAYING_PEOPLE}{move.standing.uid}" if move.standing.uid else None,
        "uid": move.standing.uid or None,
        "payee_uid": payee_uid,
        "networks": networks_around(move.ip),
        "amount": move.amount,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, asked)
        counted, received_at, top_up_at, delayed_until, is_cleared = cursor.fetchone()
    facts = _completed(json.loads(counted), move, at=at, received_at=received_at, top_up_at=top_up_at)
    return facts, Earlier(delayed_until=delayed_until, is_cleared=is_cleared)


def _completed(
    found: dict[str, Any],
    move: Move,
    *,
    at: datetime,
    received_at: datetime | None,
    top_up_at: datetime | None,
) -> Facts:
    """What is counted includes this move; moments become minutes."""
    present = {"user": move.user_id, "device": move.device_id, "ip": move.ip, "payee": move.to}
    for name in _ADDS_ONE | _ADDS_AMOUNT:
        if present[name.split("_")[0]]:
            found[name] += 1 if name in _ADDS_ONE else move.amount
    came_in = found["top_up_sum_24h"] + found["received_sum_24h"]
    orders, refunded = found.pop("orders"), found.pop("refunded")
    local, standing = at.astimezone(clock.SHANGHAI), move.standing
    return {
        **found,
        "operation": move.operation,
        "amount": int(move.amount),
        "is_round": move.amount > 0 and move.amount % _ROUND == 0,
        "is_night": local.hour in _NIGHT,
        "account_minutes": _minutes(standing.registered_at, at, otherwise=0),
        "device_minutes": _minutes(standing.device_since, at, otherwise=0),
        "device_users": standing.device_users,
        "phone_minutes": _minutes(standing.phone_since, at, otherwise=NEVER),
        "wrong_pins_24h": standing.wrong_pins,
        "suspicion": move.suspicion,
        "wechat_rank": -1 if standing.risk_rank is None else standing.risk_rank,
        "minutes_since_received": _minutes(received_at, at, otherwise=NEVER),
        "minutes_since_top_up": _minutes(top_up_at, at, otherwise=NEVER),
        "turnover_percent_24h": found["user_sum_24h"] * 100 // came_in if came_in else 0,
        "refund_percent_30d": refunded * 100 // orders if orders >= _FEWEST_ORDERS else 0,
    }


def _minutes(since: datetime | None, at: datetime, *, otherwise: int) -> int:
    return otherwise if since is None else max((at - since) // timedelta(minutes=1), 0)
