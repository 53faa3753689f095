"""Which entry was an account's last one at a moment (sql/moments.sql), for statements about many accounts."""

from datetime import datetime, timedelta

from django.db.models import BigIntegerField, F, Func, OuterRef, Value

A_MOMENT = timedelta(microseconds=1)  # what PostgreSQL tells apart


def entry_at(account: F | OuterRef, moment: datetime) -> Func:
    """The `version` of the last entry at this moment or before it; 0 where there was none."""
    return Func(account, Value(moment), function="ledger_entry_at", output_field=BigIntegerField())


def entry_before(account: F | OuterRef, moment: datetime) -> Func:
    """The same, without what was booked at this very moment."""
    return entry_at(account, moment - A_MOMENT)
