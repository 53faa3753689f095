"""How a number is likely to go on: at the pace of the last weeks, a Monday like other Mondays."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from wallet_project.analytics.rules.metrics import Adds

PATTERN_DAYS = 56  # how a week looks is read off eight of them
PACE_DAYS = 28  # how much there is, off the last four
_ENOUGH_DAYS = 7


def go_on(adds: Adds, past: Mapping[date, int], days: Sequence[date]) -> list[Decimal] | None:
    """
    A value for each of these days, from the days of `past` that are over. None: less than a week is known.

    What is counted follows the weekday; what is there at the end of a day goes on as it grew or shrank.
    """
    known = sorted(past)[-PATTERN_DAYS:]
    if len(known) < _ENOUGH_DAYS:
        return None
    recent = known[-PACE_DAYS:]
    if adds is Adds.LAST:
        first, last = recent[0], recent[-1]
        daily = Decimal(past[last] - past[first]) / (last - first).days
        return [past[last] + daily * (day - last).days for day in days]
    pace = _mean([past[day] for day in recent])
    pattern = _pattern(past, known)
    return [pace * pattern[day.weekday()] for day in days]


def _pattern(past: Mapping[date, int], known: Sequence[date]) -> list[Decimal]:
    """
    What each weekday is of a mean day; of a weekday that was seen once or never nothing is known. What may be
    less than nothing, promoters less detractors, has no mean day to be a share of.
    """
    if any(past[day] < 0 for day in known):
        return [Decimal(1)] * 7
    overall = _mean([past[day] for day in known])
    shares = []
    for weekday in range(7):
        seen = [past[day] for day in known if day.weekday() == weekday]
        shares.append(_mean(seen) / overall if len(seen) > 1 and overall else Decimal(1))
    scale = sum(shares, Decimal()) / 7
    return [share / scale for share in shares]


def _mean(values: Sequence[int]) -> Decimal:
    return Decimal(sum(values)) / len(values)
