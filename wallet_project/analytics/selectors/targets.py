"""How targets stand: what there is, what it is likely to come to, and whether that is enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from wallet_project.analytics.models import Target
from wallet_project.analytics.rules.forecasts import PATTERN_DAYS, go_on
from wallet_project.analytics.rules.metrics import Adds
from wallet_project.analytics.rules.targets import Health, TargetAim, health_of
from wallet_project.analytics.rules.values import together
from wallet_project.analytics.selectors import series
from wallet_project.analytics.selectors.boards import Number, parts_of
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, RATIOS
from wallet_project.kit import clock


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`so_far` and `forecast` are in the goal's unit; `time_passed` is the share of days that are over."""

    target: Target
    so_far: Decimal | None
    forecast: Decimal | None
    time_passed: Decimal
    health: Health

    @property
    def progress(self) -> Decimal | None:
        """Of the goal; nothing where the goal is not above zero."""
        goal = self.target.wanted
        return self.so_far / goal if self.so_far is not None and goal > 0 else None


@dataclass(frozen=True)
class _Figures:
    """A metric's days, from the first one that any target needs."""

    since: date
    values: Sequence[int | None]

    def on(self, day: date) -> int | None:
        number = (day - self.since).days
        return self.values[number] if 0 <= number < len(self.values) else None


def targets_now(*, at: datetime) -> list[Standing]:
    """Of every period that is under way: what ends first, and the shortest of those."""
    today = clock.business_day(at)
    begun = Target.objects.filter(first__range=(today - timedelta(days=366), today)).select_related("owner")
    current = [each for each in begun if each.days.last >= today]
    found = standings(current, today=today)
    return sorted(found, key=lambda each: (each.target.days.last, each.time_passed, each.target.code))


def standings(targets: Iterable[Target], *, today: date) -> list[Standing]:
    """One query, however many they are; a number that is in the catalogue no more is not known."""
    asked = [each for each in targets if each.code in METRICS or each.code in RATIOS]
    if not asked:
        return []
    codes = sorted({part for each in asked for part in parts_of(each.code) if part})
    since = min(each.days.first for each in asked) - timedelta(days=PATTERN_DAYS)
    until = max(min(max(each.days.last for each in asked), today), since)
    figures = {code: _Figures(since, values) for code, values in series.daily(codes, since, until).items()}
    return [_standing(each, figures, today=today) for each in asked]


def _standing(target: Target, figures: dict[str, _Figures], *, today: date) -> Standing:
    period = target.days
    is_over = period.last < today
    parts = [part for part in parts_of(target.code) if part]
    done = [_come_to(part, figures[part], period.all_days, today=today) for part in parts]
    likely = (
        done if is_over else [_goes_to(part, figures[part], period.all_days, today=today) for part in parts]
    )
    passed = min(max((today - period.first).days, 0), period.days)
    forecast = _one(likely)
    return Standing(
        target=target,
        so_far=_one(done),
        forecast=forecast,
        time_passed=Decimal(passed) / period.days,
        health=health_of(TargetAim(target.aim), target.wanted, forecast, is_over=is_over),
    )


def _come_to(code: str, figures: _Figures, days: Sequence[date], *, today: date) -> Number:
    return together(METRICS[code].adds, [figures.on(day) for day in days if day <= today])


def _goes_to(code: str, figures: _Figures, days: Sequence[date], *, today: date) -> Number:
    """The days that are over as they were, the others as is likely; today is at least what it is."""
    adds = METRICS[code].adds
    past = {
        day: value
        for number in range(1, PATTERN_DAYS + 1)
        if (value := figures.on(day := today - timedelta(days=number))) is not None
    }
    ahead = [day for day in days if day >= today]
    likely = go_on(adds, past, ahead)
    if likely is None:
        return None
    if ahead and ahead[0] == today and adds is not Adds.LAST:
        likely[0] = max(likely[0], Decimal(figures.on(today) or 0))
    done = [figures.on(day) for day in days if day < today]
    match adds:
        case Adds.LAST:
            return likely[-1] if likely else together(adds, done)
        case Adds.SUM:
            return Decimal(together(adds, done) or 0) + sum(likely)
        case Adds.NEVER:
            known = [Decimal(value) for value in done if value is not None] + likely
            return sum(known, Decimal()) / len(known)


def _one(parts: Sequence[Number]) -> Decimal | None:
    over = parts[0]
    if over is None:
        return None
    if len(parts) == 1:
        return Decimal(over)
    return Decimal(over) / Decimal(parts[1]) if parts[1] else None
