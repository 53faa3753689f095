"""
Trade bill × fund-flow bills × ledger, in three statements over whole tables.

First every payment, refund and transfer of the day becomes one item with what each of the three says of it
and what that means (`outcome`); then what does not agree becomes differences; then those end that are found
no more. The ledger's side is read through the relation that the wallet publishes (wallet/sql/clearing.sql),
by the key under which it booked what WeChat told: a new source of business is a prefix in LEDGER_KEYS.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from payments.models import BillFile, DailyClose
from payments.rules.daily_close import BUCKETS, CUT_OFF, FLOWS, LEDGER_KEYS
from payments.sql import statement
from wallet_project.kit import clock
from wallet_project.kit.db import require_transaction

_NO_FILE = 0


_ITEMS = statement("match_items.sql")
_DIFFERENCES = statement("match_differences.sql")
_ENDED = """
UPDATE payments_difference AS d
SET ended = 'BY_ITSELF', ended_at = %(now)s, resolution = '再次对账已相符', updated_at = %(now)s
WHERE close_id = %(close)s AND ended = '' AND updated_at < %(now)s
"""

_TOTALS = """
SELECT count(*), coalesce(sum(abs(amount)), 0) FROM payments_difference
WHERE close_id = %(close)s AND ended = ''
"""
_MOST_ROWS = 100  # of lines that are wrong in the same way; more are one difference


def match(close: DailyClose, *, now: datetime) -> None:
    """
    Compare a locked day with the ledger, anew: items and differences say afterwards what is so now.

    Requires a transaction. Moves no money.
    """
    require_transaction()
    with connection.cursor() as cursor:
        given = _given(close, now)
        cursor.execute("DELETE FROM payments_closeitem WHERE close_id = %(close)s", given)
        cursor.execute(_ITEMS, given)
        cursor.execute(_DIFFERENCES, given)
        cursor.execute(_ENDED, given)


def note_invalid_bills(close: DailyClose, *, now: datetime) -> None:
    """Before anything can be matched: that a bill is no bill is a difference. Requires a transaction."""
    require_transaction()
    with connection.cursor() as cursor:
        given = _given(close, now)
        cursor.execute("DELETE FROM payments_closeitem WHERE close_id = %(close)s", given)
        cursor.execute(_DIFFERENCES, given)


def open_totals(close: DailyClose) -> tuple[int, int]:
    """How many differences of a day are open, and how many fen they are about."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"close": close.pk})
        count, fen = cursor.fetchone()
    return count, int(fen)


def _given(close: DailyClose, now: datetime) -> dict[str, Any]:
    files = dict(BillFile.objects.filter(close=close).values_list("kind", "pk"))
    begins = clock.beginning_of(close.day)
    next_day = close.day + timedelta(days=1)
    return {
        "close": close.pk,
        "trade": files.get(BillFile.Kind.TRADE, _NO_FILE),
        "funds": [files.get(kind, _NO_FILE) for kind in FLOWS],
        "begins": begins,
        "ends": begins + timedelta(days=1),
        "cut_off": CUT_OFF,
        "next_is_here": BillFile.objects.filter(close__day=next_day, fetched_at__isnull=False).exists(),
        "prefixes": list(LEDGER_KEYS),
        "kinds": [str(kind) for kind in LEDGER_KEYS.values()],
        "appid": settings.WECHAT["appid"],
        "mchid": settings.WECHAT["mchid"],
        "fee_rate": settings.WECHAT_FEE_BASIS_POINTS,
        "buckets": [str(bucket) for bucket in BUCKETS],
        "hours": [row.hours for row in BUCKETS.values()],
        "now": now,
        "most": _MOST_ROWS,
    }
