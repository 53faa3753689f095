"""The days that a page is about, and those that they are compared with."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

MOST_DAYS = 400


class Span(TextChoices):
    TODAY = "today", "今天"
    YESTERDAY = "yesterday", "昨天"
    WEEK = "7d", "近 7 天"
    MONTH = "30d", "近 30 天"
    QUARTER = "90d", "近 90 天"
    THIS_MONTH = "month", "本月"
    YEAR = "365d", "近一年"
    OWN = "own", "自选"


class Against(TextChoices):
    PREVIOUS = "previous", "前一段"
    WEEK = "week", "上周同期"
    YEAR = "year", "去年同期"
    NOTHING = "none", "不比较"


@dataclass(frozen=True, kw_only=True)
class Period:
    """From the first to the last Shanghai day, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def all_days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} 至 {self.last}"


def period_of(span: Span, *, today: date) -> Period:
    """:raises ValueError: one's own days are in no span"""
    match span:
        case Span.TODAY:
            return Period(first=today, last=today)
        case Span.YESTERDAY:
            return Period(first=today - timedelta(days=1), last=today - timedelta(days=1))
        case Span.THIS_MONTH:
            return Period(first=today.replace(day=1), last=today)
        case Span.OWN:
            raise ValueError("one's own days are chosen")
        case _:
            days = int(span.value.removesuffix("d"))
            return Period(first=today - timedelta(days=days - 1), last=today)


def compared_with(period: Period, against: Against) -> Period | None:
    """As many days: right before, a week or a year earlier."""
    match against:
        case Against.PREVIOUS:
            back = timedelta(days=period.days)
            return Period(first=period.first - back, last=period.last - back)
        case Against.WEEK:
            back = timedelta(days=7 * -(-period.days // 7))
            return Period(first=period.first - back, last=period.last - back)
        case Against.YEAR:
            first = _year_before(period.first)
            return Period(first=first, last=first + timedelta(days=period.days - 1))
        case Against.NOTHING:
            return None


def _year_before(day: date) -> date:
    """The 29th of February follows the 28th."""
    year = day.year - 1
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
