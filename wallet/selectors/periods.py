"""Months and years of Shanghai, as spending is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wallet.rules.months import add_months, months_ending, months_of
from wallet_project.kit import clock


@dataclass(frozen=True, kw_only=True)
class Period:
    """A Shanghai month ('2026-11') or year ('2026'): its months, and from when until before when it lasts."""

    name: str
    months: Sequence[str]
    trend: Sequence[str]  # the months to show it among
    starts_at: datetime
    ends_at: datetime


def month_period(month: str) -> Period:
    """Shown as the last of twelve months."""
    return _period(month, months=[month], trend=months_ending(month, 12))


def year_period(year: str) -> Period:
    months = months_of(year)
    return _period(year, months=months, trend=months)


def period_before(period: Period) -> Period:
    if len(period.months) == 1:
        return month_period(add_months(period.name, -1))
    return year_period(str(int(period.name) - 1))


def _period(name: str, *, months: Sequence[str], trend: Sequence[str]) -> Period:
    return Period(
        name=name,
        months=months,
        trend=trend,
        starts_at=_start_of(months[0]),
        ends_at=_start_of(add_months(months[-1], 1)),
    )


def _start_of(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=clock.SHANGHAI)
