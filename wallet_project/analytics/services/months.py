"""The months that events are kept in."""

from datetime import date, datetime, timedelta

from django.db import connection

from wallet_project.kit import clock

AHEAD = timedelta(days=92)  # so nothing is refused where nobody makes any for a quarter


def make_months(*, first: datetime, last: datetime) -> None:
    """So that events from the one moment until well after the other can be kept."""
    days = [clock.business_day(first), clock.business_day(last + AHEAD)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT analytics_make_months(%s, %s)", days)


def first_month() -> date:
    """Of earlier days nobody knows any more what happened."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(to_date(right(relname, 7), 'YYYY_MM')) FROM pg_inherits"
            " JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'analytics_event'::regclass"
        )
        first: date | None = cursor.fetchone()[0]
    return first or date.max


def drop_months(*, before: datetime) -> int:
    """Drop the months that were over by then; returns how many events went with them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT analytics_drop_months(%s)", [before])
        gone: int = cursor.fetchone()[0]
    return gone
