"""The facts of a move, in one statement."""

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

# The newest moves tell: what is counted of one user, device, address or payee ends at this many, so that no
# decision takes longer than another. Rules ask for far smaller numbers.
_MOST = 2_000


def _within(interval: str) -> str:
    return f"FILTER (WHERE at > %(at)s - interval '{interval}')"


def _by(dimension: str, *more: str) -> str:
    counts = [
        what
        for window, interval in WINDOWS.items()
        for what in (
            f"count(*) {_within(interval)} AS {dimension}_count_{window}",
            f"coalesce(sum(amount) {_within(interval)}, 0)::bigint AS {dimension}_sum_{window}",
        )
    ]
    column = {"user": "user_id", "device": "device_id"}.get(dimension, dimension)
    return f"""
        by_{dimension} AS (
            SELECT {", ".join([*counts, *more])} FROM (
                SELECT at, amount, user_id, payee FROM payments_riskmove
                WHERE {column} = %({dimension})s AND family = %(family)s AND at > %(at)s - interval '30 days'
                ORDER BY at DESC LIMIT {_MOST}
            ) AS newest
        )"""  # noqa: S608 - put together of the names above


def _different(column: str, parameter: str, *, of: str, within: str) -> str:
    """How many different ones there were, this one among them."""
    here = f"coalesce(bool_or({column} = %({parameter})s) {_within(within)}, false)"
    return (
        f"count(DISTINCT {column}) {_within(within)}"
        f" + CASE WHEN %({of})s IS NULL OR %({parameter})s IS NULL OR {here} THEN 0 ELSE 1 END"
    )


_PAYEES = _different("payee", "payee", of="user", within="24 hours")
_IP_USERS = _different("user_id", "user", of="ip", within="24 hours")
_PAYERS = _different("user_id", "user", of="payee", within="24 hours")
_ALL_PAYERS = _different("user_id", "user", of="payee", within="30 days")
_FACTS = f"""
    WITH {_by("user", f"{_PAYEES} AS user_payees_24h")},
    {_by("device")},
    {_by("ip", f"{_IP_USERS} AS ip_users_24h")},
    {_by("payee", f"{_PAYERS} AS payee_payers_24h", f"{_ALL_PAYERS} AS payee_payers_30d")},
    received AS (
        SELECT count(*) {_within("24 hours")} AS received_count_24h,
            coalesce(sum(amount) {_within("24 hours")}, 0)::bigint AS received_sum_24h,
            count(DISTINCT user_id) {_within("24 hours")} AS received_payers_24h,
            max(at) AS received_at
        FROM (
            SELECT at, amount, user_id FROM payments_riskmove
            WHERE payee = %(own)s AND at > %(at)s - interval '30 days'
            ORDER BY at DESC LIMIT {_MOST}
        ) AS newest
    ),
    paid AS (
        SELECT
            count(*) FILTER (WHERE top_up_id IS NOT NULL AND settled_at > %(at)s - interval '24 hours')
                AS top_up_count_24h,
            coalesce(sum(from_channel) FILTER (
                WHERE top_up_id IS NOT NULL AND settled_at > %(at)s - interval '24 hours'), 0)::bigint
                AS top_up_sum_24h,
            max(settled_at) FILTER (WHERE top_up_id IS NOT NULL) AS top_up_at,
            count(*) FILTER (WHERE order_id IS NOT NULL) AS orders,
            count(*) FILTER (WHERE order_id IS NOT NULL AND EXISTS (
                SELECT FROM payments_orderrefund AS refund
                WHERE refund.order_id = payment.order_id AND refund.state = 'SUCCEEDED')) AS refunded
        FROM payments_payment AS payment
        WHERE payer_id = %(user)s AND state = 'PAID' AND settled_at > %(at)s - interval '30 days'
    ),
    listed AS (
        SELECT coalesce(bool_or(list = 'ALLOW' AND NOT is_payee), false) AS on_allow_list,
            coalesce(bool_or(list = 'WATCH' AND NOT is_payee), false) AS on_watch_list,
            coalesce(bool_or(list = 'DENY' AND NOT is_payee), false) AS on_deny_list,
            coalesce(bool_or(list = 'DENY' AND is_payee), false) AS payee_denied
        FROM (
            SELECT list, false AS is_payee FROM payments_risklistentry
            WHERE (kind = 'USER' AND value = %(uid)s OR kind = 'DEVICE' AND value = %(device)s
                   OR kind = 'NETWORK' AND value = ANY(%(networks)s))
                AND (expires_at IS NULL OR expires_at > %(at)s)
            UNION ALL
            SELECT list, true FROM payments_risklistentry
            WHERE kind = 'USER' AND value = %(payee_uid)s AND (expires_at IS NULL OR expires_at > %(at)s)
        ) AS entries
    )
    SELECT by_user.*, by_device.*, by_ip.*, by_payee.*, received.*, paid.*, listed.*,
        %(payee)s::text IS NOT NULL AND NOT EXISTS (
            SELECT FROM payments_riskmove WHERE payee = %(payee)s AND user_id = %(user)s
                AND at > %(at)s - interval '90 days'
        ) AS is_new_payee,
        (
            SELECT min(until) FROM payments_riskdecision
            WHERE user_id = %(user)s AND operation = %(operation)s AND payee = coalesce(%(payee)s, '')
                AND until > %(at)s - interval '24 hours'
        ) AS delayed_until,
        EXISTS (
            SELECT FROM payments_riskcase
            WHERE user_id = %(user)s AND operation = %(operation)s AND payee = coalesce(%(payee)s, '')
                AND cleared_until > %(at)s AND amount >= %(amount)s
        ) AS is_cleared
    FROM by_user, by_device, by_ip, by_payee, received, paid, listed
"""  # noqa: S608 - put together of the names above


def family_of(operation: str) -> str:
    return OUT if operation in MONEY else operation


def facts_of(
    move: Move, *, at: datetime, after: str = "", keys: list[int] | None = None
) -> tuple[Facts, Earlier]:
    """
    What rules may look at, and what was said of the same move before. One round trip, which begins with
    `after`, a statement to wait for: what is committed meanwhile is counted, too.
    """
    payee_uid = move.to.removeprefix(_PAYING_PEOPLE) if move.to.startswith(_PAYING_PEOPLE) else None
    asked = {
        "at": at,
        "keys": keys,
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
        cursor.execute(after + _FACTS, asked)
        names = [column.name for column in cursor.description]
        found: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
    earlier = Earlier(delayed_until=found.pop("delayed_until"), is_cleared=found.pop("is_cleared"))
    return _completed(found, move, at=at), earlier


def _completed(found: dict[str, Any], move: Move, *, at: datetime) -> Facts:
    """What is counted includes this move; moments become minutes."""
    present = {"user": move.user_id, "device": move.device_id, "ip": move.ip, "payee": move.to}
    for name in _ADDS_ONE | _ADDS_AMOUNT:
        if present[name.split("_")[0]]:
            found[name] += 1 if name in _ADDS_ONE else move.amount
    received_at, top_up_at = found.pop("received_at"), found.pop("top_up_at")
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
        "wechat_rank": -1 if standing.risk_rank is None else standing.risk_rank,
        "minutes_since_received": _minutes(received_at, at, otherwise=NEVER),
        "minutes_since_top_up": _minutes(top_up_at, at, otherwise=NEVER),
        "turnover_percent_24h": found["user_sum_24h"] * 100 // came_in if came_in else 0,
        "refund_percent_30d": refunded * 100 // orders if orders >= _FEWEST_ORDERS else 0,
    }


def _minutes(since: datetime | None, at: datetime, *, otherwise: int) -> int:
    return otherwise if since is None else max((at - since) // timedelta(minutes=1), 0)
