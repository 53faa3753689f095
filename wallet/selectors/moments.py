"""Which entry was an account's last one before a moment: sql/moments.sql in the words of the ORM."""

from datetime import datetime, timedelta

from django.db.models import BigIntegerField, F, Func, OuterRef, Value

A_MOMENT = timedelta(microseconds=1)  # what PostgreSQL tells apart


def entry_before(account: F | OuterRef, moment: datetime) -> Func:
    """The `version` of the last entry before this moment, without what was booked at it; or 0."""
    just_before = Value(moment - A_MOMENT)
    return Func(account, just_before, function="ledger_entry_at", output_field=BigIntegerField())
