"""
What a number usually is at this hour of the week, and when it is far from it.

Robust: the median and the median distance from it (MAD) of earlier weeks, so that one bad week, or a
campaign, does not become what is usual. Nothing is said while too little is known, or too little happens.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median

from django.db.models import TextChoices

WEEKS, ENOUGH_WEEKS = 8, 4
DAYS, ENOUGH_DAYS = 14, 7
LOOKED_BACK = timedelta(weeks=WEEKS)

_NORMAL = 1.4826  # MAD → standard deviation, where values are normally distributed
_LEAST_SHARE = 0.1  # a tenth more or less than usual is never strange, however even the weeks before were


class Sensitivity(TextChoices):
    LOW = "LOW", "低"
    NORMAL = "NORMAL", "中"
    HIGH = "HIGH", "高"


class Direction(TextChoices):
    ABOVE = "ABOVE", "偏高"
    BELOW = "BELOW", "偏低"
    BOTH = "BOTH", "偏高或偏低"


# How many standard deviations away is strange.
WIDTHS: Mapping[Sensitivity, float] = {
    Sensitivity.LOW: 6.0,
    Sensitivity.NORMAL: 4.5,
    Sensitivity.HIGH: 3.5,
}


@dataclass(frozen=True)
class Reading:
    """What was counted in an hour. Of a share: how many of how many (`base`)."""

    count: int
    base: int | None = None

    @property
    def value(self) -> float:
        return self.count if self.base is None else self.count / max(self.base, 1)

    @property
    def volume(self) -> int:
        return self.count if self.base is None else self.base


Readings = Mapping[date, Sequence[Reading]]  # of each day that was rolled up, its 24 hours


class Reference(TextChoices):
    WEEKS = "WEEKS", f"过去 {WEEKS} 周同一时段"
    DAYS = "DAYS", f"过去 {DAYS} 天同一时段"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """`minimum`: where neither what is nor what should be has this volume, nobody can tell."""

    sensitivity: Sensitivity
    direction: Direction
    minimum: int


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Of one hour. `strange`: ABOVE or BELOW what is usual, or None; `low` and `high` are its borders."""

    day: date
    hour: int
    reading: Reading
    expected: float
    low: float
    high: float
    reference: Reference
    strange: Direction | None

    @property
    def words(self) -> str:
        return str(self.strange.label) if self.strange else "正常"


def judge(readings: Readings, *, day: date, hour: int, terms: Terms, is_over: bool = True) -> Verdict | None:
    """
    Of an hour that is not over only what is too much already can be said; a share is what it is.

    None: nobody can tell yet.
    """
    if day not in readings:
        return None
    reading = readings[day][hour]
    past, reference = _references(readings, day=day, hour=hour, terms=terms)
    if not past:
        return None
    expected = median(each.value for each in past)
    if max(reading.volume, expected if reading.base is None else 0) < max(terms.minimum, 1):
        return None
    spread = _spread([each.value for each in past], expected, reading)
    width = WIDTHS[terms.sensitivity] * spread
    low, high = max(expected - width, 0.0), expected + width
    if reading.base is not None:
        high = min(high, 1.0)
    strange = None
    if reading.value > high and terms.direction != Direction.BELOW:
        strange = Direction.ABOVE
    elif reading.value < low and terms.direction != Direction.ABOVE and (is_over or reading.base is not None):
        strange = Direction.BELOW
    return Verdict(
        day=day,
        hour=hour,
        reading=reading,
        expected=expected,
        low=low,
        high=high,
        reference=reference,
        strange=strange,
    )


def _references(readings: Readings, *, day: date, hour: int, terms: Terms) -> tuple[list[Reading], Reference]:
    """The same hour of the weeks before; of a young business the same hour of the days before."""
    for reference, step, most, enough in (
        (Reference.WEEKS, 7, WEEKS, ENOUGH_WEEKS),
        (Reference.DAYS, 1, DAYS, ENOUGH_DAYS),
    ):
        days = (day - timedelta(days=step * number) for number in range(1, most + 1))
        found = list(_usable(readings, days, hour=hour, terms=terms))
        if len(found) >= enough:
            return found, reference
    return [], Reference.DAYS


def _usable(readings: Readings, days: Iterator[date], *, hour: int, terms: Terms) -> Iterator[Reading]:
    """A share of too few says nothing; a count of none does."""
    for day in days:
        if day in readings:
            reading = readings[day][hour]
            if reading.base is None or reading.base >= max(terms.minimum, 1):
                yield reading


def _spread(past: Sequence[float], expected: float, reading: Reading) -> float:
    """At least what chance alone makes of such numbers."""
    usual = _NORMAL * median(abs(value - expected) for value in past)
    if reading.base is None:
        return max(usual, _LEAST_SHARE * expected / WIDTHS[Sensitivity.HIGH], sqrt(max(expected, 1.0)))
    share = (min(expected, 1.0) * reading.base + 1) / (reading.base + 2)
    return max(usual, sqrt(share * (1 - share) / reading.base))
