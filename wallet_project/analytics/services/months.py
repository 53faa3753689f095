"""The months that events are kept in."""

from datetime import datetime, timedelta

from django.db import connection

from wallet_project.kit import clock

AHEAD = timedelta(days=92)  # so nothing is refused where nobody makes any for a quarter


def make_months(*, first: datetime, last: datetime) -> None:
    """So that events from the one moment until well after the other can be kept."""
    days = [clock.business_day(first), clock.business_day(last + AHEAD)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT analytics_make_months(%s, %s)", days)


def drop_months(*, before: datetime) -> int:
    """Drop the months that were over by then; returns how many events went with them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT analytics_drop_months(%s)", [before])
        gone: int = cursor.fetchone()[0]
    return gone
