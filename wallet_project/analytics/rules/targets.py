"""What is to be reached by when, and how it stands."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import TextChoices

from wallet_project.analytics.rules.periods import Period

_CLOSE = Decimal("0.05")


class TargetPeriod(TextChoices):
    MONTH = "MONTH", "月"
    QUARTER = "QUARTER", "季度"
    YEAR = "YEAR", "年"


class TargetAim(TextChoices):
    AT_LEAST = "AT_LEAST", "不低于"
    AT_MOST = "AT_MOST", "不高于"


class Health(TextChoices):
    """Of a period that is over: reached, or not. Of one that is not, what its forecast says."""

    UNKNOWN = "UNKNOWN", "数据不足"
    ON_TRACK = "ON_TRACK", "预计达成"
    CLOSE = "CLOSE", "略有差距"
    BEHIND = "BEHIND", "预计不达成"
    REACHED = "REACHED", "已达成"
    MISSED = "MISSED", "未达成"


_MONTHS: Mapping[TargetPeriod, int] = {
    TargetPeriod.MONTH: 1,
    TargetPeriod.QUARTER: 3,
    TargetPeriod.YEAR: 12,
}


def period_with(kind: TargetPeriod, day: date) -> Period:
    """The month, quarter or year that a day is in."""
    months = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.month - 1 + months
    following = date(first.year + after // 12, after % 12 + 1, 1)
    return Period(first=first, last=following - timedelta(days=1))


def period_in_words(kind: TargetPeriod, first: date) -> str:
    match kind:
        case TargetPeriod.MONTH:
            return f"{first.year} 年 {first.month} 月"
        case TargetPeriod.QUARTER:
            return f"{first.year} 年第 {(first.month + 2) // 3} 季度"
        case TargetPeriod.YEAR:
            return f"{first.year} 年"


def health_of(aim: TargetAim, goal: Decimal, value: Decimal | None, *, is_over: bool) -> Health:
    """`value`: the forecast, or of a period that is over what it came to. Close is within a twentieth."""
    if value is None:
        return Health.UNKNOWN
    missing = goal - value if aim is TargetAim.AT_LEAST else value - goal
    if is_over:
        return Health.REACHED if missing <= 0 else Health.MISSED
    if missing <= 0:
        return Health.ON_TRACK
    return Health.CLOSE if missing <= abs(goal) * _CLOSE else Health.BEHIND
