"""When people are at work: hours, weekends, holidays, and the working days that make up for them (调休)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_A_DAY: Final = timedelta(days=1)
WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True, kw_only=True)
class SpecialPeriod:
    """Days, both included, on which people are at home, or at work where they would not be."""

    name: str
    first_day: date
    last_day: date
    works: bool

    @property
    def days(self) -> Iterable[date]:
        return (self.first_day + n * _A_DAY for n in range((self.last_day - self.first_day).days + 1))


@dataclass(frozen=True, kw_only=True)
class BusinessHours:
    """
    By the clocks of `zone`, which knows no summer time; `weekdays` are ISO numbers, and `closes` at 00:00 is
    the midnight that ends the day. `special` says of a day whether it is worked, whatever its weekday.
    """

    zone: tzinfo
    weekdays: frozenset[int]
    opens: time
    closes: time
    special: Mapping[date, bool] = field(default_factory=dict)

    def is_worked(self, day: date) -> bool:
        return self.special.get(day, day.isoweekday() in self.weekdays)

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of a span people are at work; nothing where it ends before it begins."""
        worked, day = timedelta(), start.astimezone(self.zone).date()
        while day <= end.astimezone(self.zone).date():
            if self.is_worked(day):
                opens, closes = self._shift(day)
                worked += max(min(closes, end) - max(opens, start), timedelta())
            day += _A_DAY
        return worked

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """The first moment by which people have been at work for so long since `start`."""
        if worked <= timedelta():
            return start
        day = start.astimezone(self.zone).date()
        while True:
            if self.is_worked(day):
                opens, closes = self._shift(day)
                begins = max(opens, start)
                if begins + worked <= closes:
                    return begins + worked
                worked -= max(closes - begins, timedelta())
            day += _A_DAY

    def _shift(self, day: date) -> tuple[datetime, datetime]:
        closes_on = day if self.closes > self.opens else day + _A_DAY
        return (
            datetime.combine(day, self.opens, tzinfo=self.zone),
            datetime.combine(closes_on, self.closes, tzinfo=self.zone),
        )


def problem_with_hours(*, weekdays: Iterable[int], opens: time, closes: time) -> Promise | None:
    """Why nobody can work like this; the table refuses the same."""
    if not set(weekdays) or not set(weekdays) <= set(range(1, 8)):
        return _("请至少选择一个工作日")
    if closes != time() and closes <= opens:
        return _("下班时间要晚于上班时间；24:00 请填 00:00")
    return None


def problem_with_year(periods: Iterable[SpecialPeriod], *, year: int) -> Promise | None:
    """Why these cannot be a year's notice; the last days of the year before may be part of it."""
    seen: set[date] = set()
    for period in periods:
        if period.last_day < period.first_day:
            return _("结束日期不能早于开始日期")
        if not date(year - 1, 12, 1) <= period.first_day or not period.last_day <= date(year, 12, 31):
            return _("日期须在当年，最早到上一年 12 月")
        if seen & set(period.days):
            return _("同一天只能安排一次")
        seen |= set(period.days)
    if not any(not period.works for period in periods):
        return _("至少要有一个节假日")
    return None


def periods_from_text(text: str) -> list[SpecialPeriod]:
    """
    What is typed in, a line each: 国庆节 2027-10-01 2027-10-07 休, or 国庆节 2027-10-09 班.

    :raises ValueError: a line does not read like this; it is the error's argument
    """
    return [_period_from(line) for line in text.splitlines() if line.strip()]


def periods_in_text(periods: Iterable[SpecialPeriod]) -> str:
    """As `periods_from_text` reads them."""
    return "\n".join(
        " ".join(
            (
                period.name,
                *(day.isoformat() for day in sorted({period.first_day, period.last_day})),
                "班" if period.works else "休",
            )
        )
        for period in periods
    )


def _period_from(line: str) -> SpecialPeriod:
    try:
        name, *days, mark = line.split()
        first, last = (date.fromisoformat(day) for day in (days if len(days) == 2 else days * 2))
        return SpecialPeriod(
            name=name[:16], first_day=first, last_day=last, works={"休": False, "班": True}[mark]
        )
    except (ValueError, KeyError):
        raise ValueError(line.strip()) from None


def hours_in_words(*, weekdays: Iterable[int], opens: time, closes: time, keeps_holidays: bool) -> str:
    days = sorted(weekdays)
    in_a_row = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    names = [WEEKDAYS[day - 1] for day in days]
    shown = "每天" if len(days) == 7 else f"{names[0]}至{names[-1]}" if in_a_row else "、".join(names)
    until = "24:00" if closes == time() else f"{closes:%H:%M}"
    return f"{shown} {opens:%H:%M}–{until}，{'节假日休息，调休日上班' if keeps_holidays else '节假日照常'}"
