"""
Hear the outbox in bulk: one look a minute instead of one listener per event.

A transaction may commit late what it published early. So a look begins at an earlier one of which it is known
that every transaction that was open then has ended; what is met twice is kept once (services.events).
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from accounts.events import AccountClosed, AccountsMerged
from wallet_project.analytics.models import EventFeed
from wallet_project.analytics.rules.events import HEARD
from wallet_project.analytics.services.events import as_rows, keep_events
from wallet_project.analytics.services.months import make_months
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

AT_A_TIME = 10_000
_CLOCKS_DIFFER = timedelta(seconds=30)  # of those who publish from the database's

# From a place in the outbox, exclusive, to another.
_BETWEEN = """
    event.published_at >= %(first)s AND (event.published_at, event.id) > (%(first)s, %(first_id)s)
    AND (event.published_at, event.id) <= (%(last)s, %(last_id)s)"""

_ROWS = f"""
    SELECT lpad(to_hex(event.id), 32, '0')::uuid, event.published_at, heard.name,
           (event.payload ->> heard.who)::bigint, NULL::uuid,
           coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(event.payload)
                     WHERE key = ANY (heard.keeps)), '{{}}')
    FROM kit_storedevent AS event
    JOIN jsonb_to_recordset(%(heard)s) AS heard (event text, name text, who text, keeps text[])
      ON heard.event = event.name
    WHERE {_BETWEEN}"""  # noqa: S608 - our constants

_END_OF_A_FULL_BATCH = """
    SELECT published_at, id FROM kit_storedevent AS event
    WHERE published_at >= %(first)s AND (published_at, id) > (%(first)s, %(first_id)s)
    ORDER BY published_at, id OFFSET %(most)s - 1 LIMIT 1"""

_WHO_LEFT = """
    SELECT name, payload FROM kit_storedevent
    WHERE published_at >= %(first)s AND name = ANY (%(names)s) ORDER BY id"""

_OPEN = """
    SELECT pg_snapshot_xmin(open)::text::bigint, pg_snapshot_xmax(open)::text::bigint, clock_timestamp()
    FROM pg_current_snapshot() AS open"""

_Place = tuple[datetime, int]
_NEWEST: _Place = (datetime.max.replace(tzinfo=UTC), 0)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """Transactions before `ended` have ended, those from `next` on had not begun at `at`."""

    ended: int
    next: int
    at: datetime


def hear_events() -> None:
    """
    Keep what was published since the last look, and forget whoever left since. Two at once: the second finds
    nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        ended, upcoming, at = cursor.fetchone()
    look = _Look(ended=ended, next=upcoming, at=at - _CLOCKS_DIFFER)
    reached = _hear_batch(look, after=None)
    while reached:
        reached = _hear_batch(look, after=reached)


@transaction.atomic
def _hear_batch(look: _Look, *, after: _Place | None) -> _Place | None:
    """Returns where a full batch ended, None when nothing is left."""
    feed = _feed(look)
    if feed is None:
        return None
    first, first_id = after or (feed.upto, 0)
    begin: dict[str, Any] = {"first": first, "first_id": first_id}
    with connection.cursor() as cursor:
        cursor.execute(_END_OF_A_FULL_BATCH, {**begin, "most": AT_A_TIME})
        full: _Place | None = cursor.fetchone()
    last, last_id = full or _NEWEST
    make_months(first=first, last=clock.now())
    keep_events(_ROWS, heard=as_rows([asdict(each) for each in HEARD]), last=last, last_id=last_id, **begin)
    if full is None:
        _follow_who_left(since=feed.upto)
        if look.ended >= feed.next_transaction:
            feed.upto, feed.next_at, feed.next_transaction = feed.next_at, look.at, look.next
            feed.save()
    return full


def _feed(look: _Look) -> EventFeed | None:
    """Locked; None while somebody else hears."""
    found = EventFeed.objects.select_for_update(skip_locked=True).first()
    if found or EventFeed.objects.exists():
        return found
    oldest = StoredEvent.objects.aggregate(oldest=Min("published_at"))["oldest"]
    first = min(oldest or look.at, look.at)
    begin = {"upto": first, "next_at": first, "next_transaction": look.next}
    return EventFeed.objects.get_or_create(pk=1, defaults=begin)[0]


def _follow_who_left(*, since: datetime) -> None:
    """Whoever was merged goes on as the other; who closed their account is forgotten. Harmless twice."""
    gone: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(_WHO_LEFT, {"first": since, "names": [AccountsMerged.name, AccountClosed.name]})
        for name, payload in cursor.fetchall():
            told: dict[str, Any] = json.loads(payload)
            if name == AccountsMerged.name:
                cursor.execute(
                    "SELECT analytics_become_one(%s, %s)", [told["closed_user_id"], told["user_id"]]
                )
            else:
                gone.append(told["user_id"])
        if gone:
            cursor.execute("SELECT analytics_forget(%s)", [gone])
