"""Each kind of panel, filled for the template that draws it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wallet_project.analytics.admin.asked import ASKED
from wallet_project.analytics.admin.drawing import COLOURS, Line, chart, shade
from wallet_project.analytics.admin.rows_behind import rows_behind
from wallet_project.analytics.rules.metrics import Unit
from wallet_project.analytics.rules.panels import Asked, Board, Curve, Funnel, Hours, Numbers, Panel, Parts
from wallet_project.analytics.rules.values import in_words
from wallet_project.analytics.selectors import series
from wallet_project.analytics.selectors.boards import Number, Readings, asked_of, by_hour, panels_of, unit_of
from wallet_project.analytics.selectors.cuts import cut_names
from wallet_project.analytics.selectors.metrics.catalogue import METRICS
from wallet_project.kit import clock

_SHOWN = 12  # parts of a number; the rest are together
_WEEK = ("一", "二", "三", "四", "五", "六", "日")
Filled = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every panel of a page is filled from."""

    readings: Readings
    now: datetime

    @property
    def is_one_day(self) -> bool:
        return self.readings.period.days == 1


def filled_panels(board: Board, *, readings: Readings, now: datetime) -> Iterator[Filled]:
    """In their order; without those that have nothing to draw in this period or for these people."""
    page = Page(readings=readings, now=now)
    for panel in panels_of(board):
        if filled := _filled(panel, page):
            yield {"title": panel.title, **filled}


def _filled(panel: Panel, page: Page) -> Filled | None:
    match panel:
        case Numbers():
            return _numbers(panel, page)
        case Curve():
            return _curve(panel, page)
        case Parts():
            return _parts(panel, page)
        case Funnel():
            return _funnel(panel, page)
        case Hours():
            return _hours(panel, page)
        case Asked():
            return ASKED[panel.name](page.readings)


def _numbers(panel: Numbers, page: Page) -> Filled:
    """Lists know nothing of audiences, so behind the numbers of one there are no rows to show."""
    readings = [page.readings.reading(code) for code in panel.codes]
    whole = not page.readings.cut
    cards = [
        {"reading": each, "rows": rows_behind(each.code, period=page.readings.period) if whole else ""}
        for each in readings
    ]
    return {"kind": "numbers", "cards": cards}


def _curve(panel: Curve, page: Page) -> Filled | None:
    labels, lines = _by_hour(panel, page) if page.is_one_day else _by_day(panel, page)
    if not any(value is not None for line in lines for value in line.values):
        return None
    return {
        "kind": "curve",
        # A browser draws nothing as half way between -1 and 1.
        "data": chart(labels, lines) if any(value for line in lines for value in line.values) else "",
        "lines": lines,
        "unit": "分钟" if any(line.unit is Unit.SECONDS for line in lines) else "",
        "definitions": [asked_of(code) for code in panel.codes],
    }


def _by_day(panel: Curve, page: Page) -> tuple[list[str], list[Line]]:
    labels = [f"{day:%m-%d}" for day in page.readings.period.all_days]
    return labels, list(_lines(panel, page, _days_of))


def _by_hour(panel: Curve, page: Page) -> tuple[list[str], list[Line]]:
    return [f"{hour}:00" for hour in range(24)], list(_lines(panel, page, _hours_of))


def _lines(panel: Curve, page: Page, values_of: Any) -> Iterator[Line]:
    for number, code in enumerate(panel.codes):
        values = values_of(code, page, before=False)
        yield Line(name=asked_of(code).name, values=values, unit=unit_of(code), colour=COLOURS[number])
    if len(panel.codes) == 1 and page.readings.before:
        (code,) = panel.codes
        values = values_of(code, page, before=True)
        yield Line(name=str(page.readings.before), values=values, unit=unit_of(code), is_before=True)


def _days_of(code: str, page: Page, *, before: bool) -> list[Number]:
    return page.readings.by_day(code, before=before)


def _hours_of(code: str, page: Page, *, before: bool) -> list[Number]:
    """An hour of nothing is nothing once it has begun; what has not is not known."""
    period = page.readings.before if before else page.readings.period
    days = by_hour(code, period=period, cut=page.readings.cut) if period else None
    if days is None or not period:
        return []
    begun = 24
    if period.last == clock.business_day(page.now):
        begun = page.now.astimezone(clock.SHANGHAI).hour + 1
    empty = 0 if code in METRICS else None
    return [empty if value is None and hour < begun else value for hour, value in enumerate(days[0])]


def _parts(panel: Parts, page: Page) -> Filled | None:
    period, metric = page.readings.period, METRICS[panel.code]
    found = {} if page.readings.cut else series.by_part(panel.code, panel.part, period.first, period.last)
    shown = list(found.items())[:_SHOWN]
    if rest := sum(found.values()) - sum(value for _cut, value in shown):
        shown.append((f"{panel.part}:…", rest))
    largest = max((value for _cut, value in shown), default=0)
    if largest <= 0:
        return None
    names = cut_names(panel.part, found) | {f"{panel.part}:…": "其余"}
    bars = [
        {
            "name": names[cut],
            "words": in_words(metric.unit, value),
            "value": value,
            "share": f"{value * 100 / sum(found.values()):.1f}%",
            "rows": rows_behind(panel.code, period=period, part=cut.partition(":")[2]),
        }
        for cut, value in shown
    ]
    return {"kind": "bars", "bars": bars, "most": largest, "definitions": [metric]}


def _funnel(panel: Funnel, page: Page) -> Filled | None:
    readings = [page.readings.reading(code) for code in panel.codes]
    counts = [int(each.value or 0) for each in readings]
    if not counts[0]:
        return None
    bars = [
        {
            "name": each.name,
            "words": each.words,
            "value": count,
            "share": f"{count * 100 / counts[0]:.1f}%",
            "rows": rows_behind(each.code, period=page.readings.period),
        }
        for each, count in zip(readings, counts, strict=True)
    ]
    return {
        "kind": "bars",
        "bars": bars,
        "most": max(counts),
        "definitions": [asked_of(code) for code in panel.codes],
    }


def _hours(panel: Hours, page: Page) -> Filled | None:
    """Sums of a whole period by day of the week and hour."""
    metric = METRICS[panel.code]
    days = by_hour(panel.code, period=page.readings.period, cut=page.readings.cut)
    if page.is_one_day or days is None:
        return None
    sums = [[0] * 24 for _ in _WEEK]
    for day, hours in zip(page.readings.period.all_days, days, strict=True):
        for hour, value in enumerate(hours):
            sums[day.weekday()][hour] += int(value or 0)
    largest = max(map(max, sums))
    if largest <= 0:
        return None
    rows = [
        {
            "name": f"周{name}",
            "cells": [
                {
                    "heat": shade(value, of=largest),
                    "words": f"周{name} {hour} 时：{in_words(metric.unit, value)}",
                }
                for hour, value in enumerate(of_day)
            ],
        }
        for name, of_day in zip(_WEEK, sums, strict=True)
    ]
    return {"kind": "hours", "hours": range(24), "rows": rows, "definitions": [metric]}
