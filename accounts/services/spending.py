"""Count what is spent, exactly, whatever runs beside it."""

from datetime import datetime

from django.db import connection

from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction

# One statement: the row is locked, compared and counted, so parallel payments cannot pass a limit together.
_COUNT = """
    INSERT INTO accounts_dailyspending AS spent (user_id, kind, day, total, without_pin)
    SELECT %(user)s, %(kind)s, %(day)s, %(amount)s, %(without_pin)s
    WHERE %(amount)s <= coalesce(%(up_to)s, %(amount)s)
      AND %(without_pin)s <= coalesce(%(without_pin_up_to)s, %(without_pin)s)
    ON CONFLICT (user_id, kind, day) DO UPDATE
    SET total = spent.total + excluded.total, without_pin = spent.without_pin + excluded.without_pin
    WHERE spent.total + excluded.total <= coalesce(%(up_to)s, spent.total + excluded.total)
      AND spent.without_pin + excluded.without_pin
          <= coalesce(%(without_pin_up_to)s, spent.without_pin + excluded.without_pin)
    RETURNING total
"""


def count_spending(*, user_id: int, kind: str, amount: int, up_to: int | None, at: datetime) -> bool:
    """Add to the day's sum; False, and nothing is added, where it would pass `up_to` fen."""
    return _count(user_id, kind, at, amount=amount, up_to=up_to, without_pin=0, without_pin_up_to=None)


def count_spending_without_pin(
    *, user_id: int, kind: str, amount: int, up_to: int | None, without_pin_up_to: int, at: datetime
) -> bool:
    """The same without a PIN; the sum of such payments may not pass `without_pin_up_to` either."""
    return _count(
        user_id,
        kind,
        at,
        amount=amount,
        up_to=up_to,
        without_pin=amount,
        without_pin_up_to=without_pin_up_to,
    )


def _count(user_id: int, kind: str, at: datetime, **amounts: int | None) -> bool:
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"user": user_id, "kind": kind, "day": clock.business_day(at), **amounts})
        return cursor.fetchone() is not None
