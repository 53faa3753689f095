"""What a watched number says of an hour, and what it would have said of the days before."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from wallet_project.analytics.models import WatchedMetric
from wallet_project.analytics.rules.baselines import LOOKED_BACK, Reading, Readings, Verdict, judge
from wallet_project.analytics.rules.metrics import Ratio, Unit
from wallet_project.analytics.selectors import series
from wallet_project.analytics.selectors.boards import words_of
from wallet_project.analytics.selectors.cuts import cut_names
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, RATIOS
from wallet_project.kit import clock

_ROLLED_UP_AFTER = timedelta(minutes=10)
_HOUR = timedelta(hours=1)
_REHEARSED_DAYS = 14
_SHIFTS = 3


def watchable() -> dict[str, str]:
    """Code → name: what is kept by hour, and shares of what is counted so."""
    numbers = {each.code: each.name for each in METRICS.values() if each.hourly}
    shares = {each.code: each.name for each in RATIOS.values() if _is_share(each)}
    return numbers | shares


def verdicts(watched: WatchedMetric, *, at: datetime) -> list[Verdict]:
    """Of the last hour that is over and rolled up, and of the one that runs; fewer where nobody can tell."""
    now = at.astimezone(clock.SHANGHAI)
    over = (now - _ROLLED_UP_AFTER).replace(minute=0, second=0, microsecond=0) - _HOUR
    readings = _readings(watched.code, over.date() - LOOKED_BACK, now.date())
    found = [
        judge(readings, day=over.date(), hour=over.hour, terms=watched.terms),
        judge(readings, day=now.date(), hour=now.hour, terms=watched.terms, is_over=False),
    ]
    return [each for each in found if each is not None]


def rehearse(watched: WatchedMetric, *, at: datetime) -> list[Verdict]:
    """Of each hour of the last fortnight that is over, where somebody could tell."""
    last = clock.business_day(at) - timedelta(days=1)
    first = last - timedelta(days=_REHEARSED_DAYS - 1)
    readings = _readings(watched.code, first - LOOKED_BACK, last)
    days = (first + timedelta(days=number) for number in range(_REHEARSED_DAYS))
    judged = (judge(readings, day=day, hour=hour, terms=watched.terms) for day in days for hour in range(24))
    return [each for each in judged if each is not None]


def in_words(code: str, value: float) -> str:
    return words_of(code, Decimal(value))


def shifts(code: str, *, day: date) -> list[str]:
    """
    Whose share of the day is another than in the week before, the largest changes first: a part of a number
    says more of what happened than the number.
    """
    number = METRICS.get(code)
    changes: list[tuple[Decimal, str]] = []
    for part in number.parts if number else ():
        now = _shares(series.by_part(code, part, day, day))
        before = _shares(series.by_part(code, part, day - timedelta(days=7), day - timedelta(days=1)))
        for cut, name in cut_names(part, now.keys() | before.keys()).items():
            new, old = now.get(cut, Decimal()), before.get(cut, Decimal())
            changes.append((abs(new - old), f"{name} {new:.0%}（上周 {old:.0%}）"))
    return [words for change, words in sorted(changes, reverse=True)[:_SHIFTS] if change >= Decimal("0.1")]


def _readings(code: str, first: date, last: date) -> Readings:
    if code in METRICS:
        return {
            day: [Reading(value) for value in values] for day, values in _by_hour(code, first, last).items()
        }
    share = RATIOS[code]
    over, under = _by_hour(share.over, first, last), _by_hour(share.under, first, last)
    return {
        day: [Reading(count, base) for count, base in zip(over[day], under[day], strict=True)]
        for day in over.keys() & under.keys()
    }


def _by_hour(code: str, first: date, last: date) -> dict[date, list[int]]:
    """Of each day that was rolled up; in an hour without a row there was nothing."""
    (whole,) = series.daily([code], first, last).values()
    hours = {
        first + timedelta(days=number): [0] * 24 for number, value in enumerate(whole) if value is not None
    }
    for day, hour, value in series.hourly(code, first, last):
        if day in hours:
            hours[day][hour] = value
    return hours


def _shares(parts: Mapping[str, int]) -> dict[str, Decimal]:
    total = sum(parts.values())
    return {cut: Decimal(value) / total for cut, value in parts.items()} if total > 0 else {}


def _is_share(ratio: Ratio) -> bool:
    over, under = METRICS[ratio.over], METRICS[ratio.under]
    counted = {Unit.COUNT, Unit.PEOPLE}
    return over.hourly and under.hourly and over.unit == under.unit and over.unit in counted
