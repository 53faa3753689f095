"""The numbers of one page, in its period and in the one that it is compared with: two queries in all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from wallet_project.analytics.models import Figure
from wallet_project.analytics.rules.metrics import Adds, Metric, Ratio, Unit
from wallet_project.analytics.rules.panels import Asked, Board, Curve, Funnel, Numbers, Panel
from wallet_project.analytics.rules.periods import Period
from wallet_project.analytics.rules.values import (
    change_in_words,
    how_of,
    in_words,
    share_in_words,
    together,
)
from wallet_project.analytics.selectors import series
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, RATIOS, metrics, ratios
from wallet_project.kit import clock

Number = Decimal | int | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One number as it stands on a page. `how` says what several days were made into, where it is no sum."""

    code: str
    name: str
    definition: str
    value: Number
    before: Number
    words: str
    before_words: str
    change: str
    how: str

    @property
    def is_known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, kw_only=True)
class Readings:
    """
    Of everybody, or of a watched segment (`cut`): then what is not asked about people is not known.
    `is_so_far`: the last day is not over, and is compared with as much of the other one.
    """

    period: Period
    before: Period | None
    cut: str
    is_so_far: bool
    _now: dict[str, list[int | None]]
    _then: dict[str, list[int | None]]

    def reading(self, code: str) -> Reading:
        value, before = self._total(code, self._now), self._total(code, self._then)
        asked = asked_of(code)
        return Reading(
            code=code,
            name=asked.name,
            definition=asked.definition,
            value=value,
            before=before,
            words=words_of(code, value),
            before_words=words_of(code, before),
            change=change_in_words(value, before, is_share=unit_of(code) is None),
            how=how_of(asked, days=self.period.days) if isinstance(asked, Metric) else "",
        )

    def by_day(self, code: str, *, before: bool = False) -> list[Number]:
        """A value per day of the period, or of the one before."""
        figures = self._then if before else self._now
        over, under = parts_of(code)
        if not under:
            return list(figures.get(over, ()))
        return [
            _divided(one, other)
            for one, other in zip(figures.get(over, ()), figures.get(under, ()), strict=True)
        ]

    def _total(self, code: str, figures: dict[str, list[int | None]]) -> Number:
        over, under = (
            together(METRICS[part].adds, figures.get(part, ())) if part else None for part in parts_of(code)
        )
        return _divided(over, under) if code in RATIOS else over


def read(
    codes: Iterable[str], *, period: Period, before: Period | None, cut: str = "", now: datetime | None = None
) -> Readings:
    """
    Where `now` is in the last day that is asked about, what adds up is compared with as much of the other.

    :raises KeyError: no number is called that
    """
    asked = sorted(
        {part for code in codes for part in parts_of(code) if part and (not cut or METRICS[part].by_person)}
    )
    then = series.daily(asked, before.first, before.last, cut) if before else {}
    is_so_far = False
    if before and now and period.last == clock.business_day(now):
        is_so_far = True
        hour = now.astimezone(clock.SHANGHAI).hour
        growing = [code for code in asked if METRICS[code].hourly and METRICS[code].adds is Adds.SUM]
        until = _until(hour, growing, before.last, cut)
        for code in growing:
            if then[code][-1] is not None:  # that day was rolled up: an hour without a row had nothing
                then[code] = [*then[code][:-1], until.get(code, 0)]
    return Readings(
        period=period,
        before=before,
        cut=cut,
        is_so_far=is_so_far,
        _now=series.daily(asked, period.first, period.last, cut),
        _then=then,
    )


def panels_of(board: Board) -> tuple[Panel, ...]:
    """Its panels, and one of those numbers of its topics that stand on none."""
    placed = set(_codes(board.panels))
    for panel in board.panels:
        if isinstance(panel, Asked):
            placed.update(panel.codes)
    codes = [each.code for topic in board.topics for each in metrics(topic)]
    codes += [each.code for topic in board.topics for each in ratios(topic)]
    rest = tuple(code for code in codes if code not in placed)
    return (*board.panels, Numbers(title="其他", codes=rest)) if rest else board.panels


def codes_of(board: Board) -> list[str]:
    """Every number of a page once, in the order in which they stand there."""
    return list(dict.fromkeys(_codes(panels_of(board))))


def by_hour(code: str, *, period: Period, cut: str = "") -> list[list[Number]] | None:
    """For each day its 24 hours, None where nothing was noted; None: it is not kept by hour."""
    over, under = parts_of(code)
    parts = [part for part in (over, under) if part]
    if not all(METRICS[part].hourly and (not cut or METRICS[part].by_person) for part in parts):
        return None
    found = [_hours(part, period, cut) for part in parts]
    if not under:
        return found[0]
    return [
        [_divided(one, other) for one, other in zip(*days, strict=True)] for days in zip(*found, strict=True)
    ]


def asked_of(code: str) -> Metric | Ratio:
    return METRICS[code] if code in METRICS else RATIOS[code]


def parts_of(code: str) -> tuple[str, str]:
    """The metrics that a number is made of: itself and "", or over and under."""
    if code in METRICS:
        return code, ""
    return RATIOS[code].over, RATIOS[code].under


def unit_of(code: str) -> Unit | None:
    """In which it is shown; None is percent."""
    over, under = parts_of(code)
    return None if under and METRICS[over].unit is METRICS[under].unit else METRICS[over].unit


def words_of(code: str, value: Number) -> str:
    over, under = parts_of(code)
    if not under:
        return in_words(METRICS[over].unit, value)
    shared = None if value is None else Decimal(value)
    return share_in_words(METRICS[over].unit, METRICS[under].unit, shared)


def _codes(panels: Iterable[Panel]) -> Iterator[str]:
    for panel in panels:
        match panel:
            case Numbers(codes=codes) | Curve(codes=codes) | Funnel(codes=codes):
                yield from codes


def _until(hour: int, codes: list[str], day: date, cut: str) -> dict[str, int]:
    """Of a day that was rolled up, what had come by the end of this hour."""
    hours = Figure.objects.filter(metric__in=codes, day=day, hour__lte=hour, cut=cut)
    return dict(hours.values_list("metric").annotate(Sum("value")))


def _hours(code: str, period: Period, cut: str) -> list[list[Number]]:
    days: list[list[Number]] = [[None] * 24 for _ in range(period.days)]
    for day, hour, value in series.hourly(code, period.first, period.last, cut):
        days[(day - period.first).days][hour] = value
    return days


def _divided(over: Number, under: Number) -> Decimal | None:
    return Decimal(over) / Decimal(under) if over is not None and under else None
