"""Figures over days, as dashboards, targets and alarms read them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from wallet_project.analytics.models import Figure
from wallet_project.analytics.rules.metrics import Adds
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, RATIOS


def daily(codes: Sequence[str], first: date, last: date, cut: str = "") -> dict[str, list[int | None]]:
    """For each metric a value per day, None where that day was not rolled up; one query."""
    days = (last - first).days + 1
    found: dict[str, list[int | None]] = {code: [None] * days for code in codes}
    rows = _whole_days(codes, first, last).filter(cut=cut)
    for code, day, value in rows.values_list("metric", "day", "value"):
        found[code][(day - first).days] = value
    return found


def hourly(code: str, first: date, last: date, cut: str = "") -> list[tuple[date, int, int]]:
    """(day, hour, value) in order; an hour without a row, of a day that was rolled up, had nothing."""
    rows = Figure.objects.filter(metric=code, cut=cut, day__range=(first, last)).order_by("day", "hour")
    found = rows.values_list("day", "hour", "value")
    return [(day, hour, value) for day, hour, value in found if hour is not None]


def total(code: str, first: date, last: date, cut: str = "") -> int | None:
    """
    Of all these days, as the metric adds up. None: nothing was rolled up, or different people of several days
    were asked for, which nobody can add.
    """
    return totals([code], first, last, cut)[code]


def totals(codes: Sequence[str], first: date, last: date, cut: str = "") -> dict[str, int | None]:
    """The same of several metrics; one query."""
    of_days = daily(codes, first, last, cut)
    return {code: _together(METRICS[code].adds, values) for code, values in of_days.items()}


def ratio(code: str, first: date, last: date, cut: str = "") -> Decimal | None:
    """Of the totals; None where there is nothing to divide by."""
    asked = RATIOS[code]
    found = totals([asked.over, asked.under], first, last, cut)
    return _divided(found[asked.over], found[asked.under])


def daily_ratio(code: str, first: date, last: date, cut: str = "") -> list[Decimal | None]:
    """A value per day; one query."""
    asked = RATIOS[code]
    found = daily([asked.over, asked.under], first, last, cut)
    return [_divided(*pair) for pair in zip(found[asked.over], found[asked.under], strict=True)]


def by_part(code: str, part: str, first: date, last: date) -> dict[str, int]:
    """Cut → total, the largest first: `by_part("volume", "method", …)`; as `total`, or empty."""
    rows = _whole_days([code], first, last).filter(cut__startswith=f"{part}:")
    match METRICS[code].adds:
        case Adds.LAST:
            rows = rows.filter(day=_newest(code, first, last))
        case Adds.NEVER if first != last:
            return {}
    found = rows.order_by().values_list("cut").annotate(total=Sum("value"))
    return {cut: int(value) for cut, value in sorted(found, key=lambda each: (-each[1], each[0]))}


def _whole_days(codes: Iterable[str], first: date, last: date) -> QuerySet[Figure]:
    return Figure.objects.filter(metric__in=codes, day__range=(first, last), hour=None)


def _newest(code: str, first: date, last: date) -> date:
    newest = _whole_days([code], first, last).order_by("-day").values_list("day", flat=True).first()
    return newest or last


def _together(adds: Adds, values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    if not known or (adds is Adds.NEVER and len(values) > 1):
        return None
    return known[-1] if adds is Adds.LAST else sum(known)


def _divided(over: int | None, under: int | None) -> Decimal | None:
    return Decimal(over) / Decimal(under) if over is not None and under else None
