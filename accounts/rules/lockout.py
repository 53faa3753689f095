"""
How long after how many wrong PINs.

Five in a row lock the place they were tried from for three hours; ten within a day, wherever they were tried,
end the PIN: only setting a new one helps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

IN_ROW = 5
LOCK = timedelta(hours=3)
A_DAY = 10
DAY = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A wrong try, as far as it counts. `is_here`: it was made in the place that asks now."""

    at: datetime
    is_here: bool
    is_in_row: bool
    locks_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Lockout:
    """`tries_left` is zero while it is locked, and when it is over; `is_row_full`: the last one locks."""

    tries_left: int
    locked_until: datetime | None
    is_row_full: bool
    is_over: bool


def lockout_of(misses: Sequence[Miss], *, at: datetime) -> Lockout:
    today = sum(at - miss.at < DAY for miss in misses)
    in_row = sum(miss.is_here and miss.is_in_row for miss in misses)
    locks = [miss.locks_until for miss in misses if miss.is_here and miss.locks_until]
    locked_until = max((until for until in locks if until > at), default=None)
    left = 0 if locked_until else max(min(IN_ROW - in_row, A_DAY - today), 0)
    return Lockout(
        tries_left=left, locked_until=locked_until, is_row_full=in_row >= IN_ROW, is_over=today >= A_DAY
    )
