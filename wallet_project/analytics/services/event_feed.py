"""
Hear the outbox in bulk: one look a minute instead of one listener per event.

A transaction may commit late what it published early. So a look begins at an earlier one of which it is known
that every transaction that was open then has ended; what is met twice is kept once (services.events).

One event that cannot be read must not keep the others waiting: it is set aside, and staff are alerted.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Min

from accounts.events import AccountClosed, AccountsMerged
from wallet_project.analytics.models import EventFeed, UnreadEvent
from wallet_project.analytics.rules.events import HEARD
from wallet_project.analytics.services.events import as_rows, keep_events
from wallet_project.analytics.services.months import make_months
from wallet_project.kit import clock
from wallet_project.kit.logs import in_short
from wallet_project.kit.models import StoredEvent

logger = logging.getLogger(__name__)

AT_A_TIME = 10_000
AGAIN = 100  # of those set aside, the oldest
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

_PLACES = f"""
    SELECT published_at, id FROM kit_storedevent AS event
    WHERE {_BETWEEN} AND name = ANY (%(names)s) ORDER BY published_at, id"""  # noqa: S608 - our constants

# Who became another first: what is theirs by then is not forgotten.
_WHO_LEFT = """
    SELECT id, payload ->> 'closed_user_id', payload ->> 'user_id', name = %(merged)s FROM kit_storedevent
    WHERE published_at >= %(first)s AND (%(only)s::bigint IS NULL OR id = %(only)s)
      AND name IN (%(merged)s, %(closed)s)
    ORDER BY name = %(merged)s DESC, id"""

_OPEN = """
    SELECT pg_snapshot_xmin(open)::text::bigint, pg_snapshot_xmax(open)::text::bigint, clock_timestamp()
    FROM pg_current_snapshot() AS open"""

_Place = tuple[datetime, int]
_UNFIT = (DataError, IntegrityError)  # it is the event: anything else is over at the next look
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
    with connection.cursor() as cursor:
        cursor.execute(_END_OF_A_FULL_BATCH, {"first": first, "first_id": first_id, "most": AT_A_TIME})
        full: _Place | None = cursor.fetchone()
    make_months(first=first, last=clock.now())
    between = _between((first, first_id), full or _NEWEST)
    try:
        _keep(between)
    except _UNFIT:
        with connection.cursor() as cursor:
            cursor.execute(_PLACES, {**between, "names": [each.event for each in HEARD]})
            _keep_what_can_be_read(cursor.fetchall())
    if full is None:
        _try_unread_again()
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


def _between(first: _Place, last: _Place) -> dict[str, Any]:
    return {"first": first[0], "first_id": first[1], "last": last[0], "last_id": last[1]}


@transaction.atomic
def _keep(between: dict[str, Any]) -> None:
    keep_events(_ROWS, heard=as_rows([asdict(each) for each in HEARD]), **between)


def _keep_what_can_be_read(places: list[_Place]) -> None:
    """What fails is halved, until it is one event that fails by itself."""
    if not places:
        return
    at, event_id = places[0]
    try:
        _keep(_between((at, event_id - 1), places[-1]))
    except _UNFIT as error:
        if len(places) == 1:
            _set_aside(event_id, error)
            return
        middle = len(places) // 2
        _keep_what_can_be_read(places[:middle])
        _keep_what_can_be_read(places[middle:])


def _set_aside(event_id: int, error: Exception) -> None:
    name = StoredEvent.objects.values_list("name", flat=True).get(pk=event_id)
    UnreadEvent.objects.get_or_create(
        pk=event_id, defaults={"name": name, "why": in_short(error), "at": clock.now()}
    )
    logger.warning("analytics.event.unread", extra={"event": event_id, "event_name": name})


def _try_unread_again() -> None:
    """This version may read what an earlier one could not; what the outbox has forgotten is over."""
    for unread in UnreadEvent.objects.order_by("pk")[:AGAIN]:
        places = StoredEvent.objects.filter(pk=unread.pk).values_list("published_at", "pk")
        try:
            for at, event_id in places:
                _keep(_between((at, event_id - 1), (at, event_id)))
                _follow_who_left(since=at, only=event_id)
        except _UNFIT:
            continue
        unread.delete()


def _follow_who_left(*, since: datetime, only: int | None = None) -> None:
    """
    Whoever was merged goes on as the other; who closed their account is forgotten. Harmless twice.

    :raises DataError, IntegrityError: `only` this event was to be followed, and cannot be read
    """
    names = {"merged": AccountsMerged.name, "closed": AccountClosed.name}
    with connection.cursor() as cursor:
        cursor.execute(_WHO_LEFT, {"first": since, "only": only, **names})
        left = cursor.fetchall()
    for event_id, ends, user_id, is_merged in left:
        try:
            if is_merged:
                _call("SELECT analytics_become_one(%s::bigint, %s::bigint)", ends, user_id)
            else:
                _call("SELECT analytics_forget(ARRAY[%s::bigint])", user_id)
        except _UNFIT as error:
            if only:
                raise
            _set_aside(event_id, error)


@transaction.atomic
def _call(function: str, *people: str | None) -> None:
    if None in people:
        raise DataError("the event does not say who")
    with connection.cursor() as cursor:
        cursor.execute(function, people)
