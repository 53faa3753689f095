"""What came of each channel in a month, by the first touch and by the last."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from wallet_project.kit import clock

# How long before what somebody does a touch may lie to have led to it; and how soon after registering the
# touch comes that led there, for it is told by whoever is logged in.
WINDOW = timedelta(days=30)
SETTLING = timedelta(hours=1)

# A registration and a first purchase each have a first and a last touch. Money is the customers' own, less
# what went back, of everybody's purchases in the month: `left_of(…).own` of rules.purchases, in SQL because a
# month is summed where it lies and not row by row in Python; a test holds the two together.
_REPORT = """
    WITH happened AS (
        SELECT id AS user_id, 'registered' AS what, created_at + %(settling)s AS at, 0 AS own
        FROM accounts_user WHERE created_at >= %(begins)s AND created_at < %(ends)s AND NOT is_staff
        UNION ALL
        SELECT p.user_id,
               CASE WHEN EXISTS (SELECT FROM coupons_purchase AS e
                                 WHERE e.user_id = p.user_id AND (e.paid_at, e.id) < (p.paid_at, p.id))
                    THEN 'bought again' ELSE 'bought first' END,
               p.paid_at, p.own - p.returned_own
        FROM coupons_purchase AS p WHERE p.paid_at >= %(begins)s AND p.paid_at < %(ends)s
    ), led AS (
        SELECT h.what, h.own, first.channel_id AS by_first, last.channel_id AS by_last
        FROM happened AS h
        CROSS JOIN LATERAL (
            SELECT t.channel_id FROM coupons_touch AS t
            WHERE t.user_id = h.user_id AND t.at > h.at - %(window)s AND t.at <= h.at
            ORDER BY t.at, t.id LIMIT 1
        ) AS first
        CROSS JOIN LATERAL (
            SELECT t.channel_id FROM coupons_touch AS t
            WHERE t.user_id = h.user_id AND t.at > h.at - %(window)s AND t.at <= h.at
            ORDER BY t.at DESC, t.id DESC LIMIT 1
        ) AS last
    )
    SELECT c.id, c.code, c.name, coalesce(v.visits, 0), coalesce(k.amount, 0),
           coalesce(f.registered, 0), coalesce(f.bought, 0), coalesce(f.own, 0),
           coalesce(l.registered, 0), coalesce(l.bought, 0), coalesce(l.own, 0)
    FROM coupons_channel AS c
    LEFT JOIN (SELECT channel_id, count(*) AS visits FROM coupons_touch
               WHERE at >= %(begins)s AND at < %(ends)s GROUP BY 1) AS v ON v.channel_id = c.id
    LEFT JOIN coupons_channelcost AS k ON k.channel_id = c.id AND k.month = %(month)s
    LEFT JOIN (SELECT by_first, count(*) FILTER (WHERE what = 'registered') AS registered,
                      count(*) FILTER (WHERE what = 'bought first') AS bought, sum(own)::bigint AS own
               FROM led GROUP BY 1) AS f ON f.by_first = c.id
    LEFT JOIN (SELECT by_last, count(*) FILTER (WHERE what = 'registered') AS registered,
                      count(*) FILTER (WHERE what = 'bought first') AS bought, sum(own)::bigint AS own
               FROM led GROUP BY 1) AS l ON l.by_last = c.id
    ORDER BY coalesce(l.own, 0) DESC, c.code
"""


@dataclass(frozen=True, kw_only=True)
class Led:
    """What a channel led to: people who registered, who bought for the first time, and `own` fen."""

    registered: int
    bought: int
    own: int


@dataclass(frozen=True, kw_only=True)
class ChannelMonth:
    """
    One channel in a month, or on days of it: how many came each day, in sum, what it cost in fen, and what it
    led to.
    """

    channel_id: int
    code: str
    name: str
    visits: int
    cost: int
    by_first: Led
    by_last: Led

    def return_on_cost(self, led: Led) -> int | None:
        """Percent: 250 is two and a half times the cost. None: it cost nothing."""
        return led.own * 100 // self.cost if self.cost else None

    def costing(self, cost: int) -> "ChannelMonth":
        return replace(self, cost=cost)


def channel_report(month: str) -> list[ChannelMonth]:
    """Every channel in a Shanghai month ('2026-11'), in one statement."""
    return channels_between(*clock.borders_of(month), month=month)


def channels_between(begins: datetime, ends: datetime, *, month: str) -> list[ChannelMonth]:
    """The same of a part of the month; the cost is all of the month's."""
    asked: dict[str, Any] = {
        "begins": begins,
        "ends": ends,
        "month": month,
        "window": WINDOW,
        "settling": SETTLING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REPORT, asked)
        return [
            ChannelMonth(
                channel_id=channel_id,
                code=code,
                name=name,
                visits=visits,
                cost=cost,
                by_first=Led(registered=first[0], bought=first[1], own=first[2]),
                by_last=Led(registered=last[0], bought=last[1], own=last[2]),
            )
            for channel_id, code, name, visits, cost, *led in cursor.fetchall()
            for first, last in [(led[:3], led[3:])]
        ]
