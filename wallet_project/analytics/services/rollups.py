"""A day becomes figures: every number of the catalogue is asked, and what changed is written."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db import connection, transaction

from coupons.selectors.segments import members_of
from wallet_project.analytics.models import Figure, WatchedSegment
from wallet_project.analytics.rules.metrics import Adds, Topic
from wallet_project.analytics.selectors.metrics.catalogue import METRICS, QUESTIONS, Value, Window
from wallet_project.analytics.services.months import first_month
from wallet_project.kit import clock
from wallet_project.kit.db import let_statements_take, lock_number

logger = logging.getLogger(__name__)

_LOCKS = 726_355_000_000  # and the day's number: of one day there is one roll-up at a time
_LONGEST = 100
_HEALED_DAYS = 30  # a standstill as long leaves no gap
_Key = tuple[str, str, int | None]  # metric, cut, hour


def roll_up(*, day: date) -> None:
    """
    Ask every metric about a Shanghai day and keep the answers instead of what was kept of it. Repeated, it
    changes nothing but what has changed since.

    An earlier answer stays where nobody can tell any more: of what is there at the end of a day
    (`Adds.LAST`), and of what people did when the day's events have been dropped.

    :raises ValueError: the day has not begun
    """
    if day > clock.business_day(clock.now()):
        raise ValueError(f"{day} has not begun")
    with transaction.atomic():
        let_statements_take(seconds=_LONGEST)
        _take(day)
        kept = {(figure.metric, figure.cut, figure.hour): figure for figure in Figure.objects.filter(day=day)}
        stays = {code for code, _cut, _hour in kept if _is_of_events(code)} if day < first_month() else set()
        wanted = {key: value for key, value in _figures_of(day) if key[0] not in stays}
        answered = {code for code, _cut, _hour in wanted}
        gone = [
            figure.pk
            for key, figure in kept.items()
            if key not in wanted and (figure.metric in answered or figure.metric not in METRICS)
        ]
        Figure.objects.filter(pk__in=gone).delete()
        Figure.objects.bulk_create(
            [
                Figure(metric=metric, day=day, hour=hour, cut=cut, value=value)
                for (metric, cut, hour), value in wanted.items()
                if (metric, cut, hour) not in kept or kept[metric, cut, hour].value != value
            ],
            update_conflicts=True,
            unique_fields=["metric", "cut", "day", "hour"],
            update_fields=["value"],
            batch_size=2_000,
        )


def roll_up_today() -> None:
    """What happened so far."""
    roll_up(day=clock.business_day(clock.now()))


def roll_up_last_days() -> None:
    """
    Yesterday, and the day before: of some payments one hears a day late. Of the last weeks also each day that
    nobody looked at, and all since the day before it, which may have been left in the middle.

    A day that fails does not keep the later ones waiting.

    :raises ExceptionGroup: why some failed, when all have been tried
    """
    today = clock.business_day(clock.now())
    days = [today - timedelta(days=number) for number in range(_HEALED_DAYS, 0, -1)]
    known = set(Figure.objects.filter(day__in=days).order_by().values_list("day", flat=True).distinct())
    begun = min(known, default=today)
    missed = (day for day in days if day > begun and day not in known)
    first = next(missed, days[-1]) - timedelta(days=1)
    failed: dict[date, Exception] = {}
    for day in (day for day in days if day >= first):
        try:
            roll_up(day=day)
        except Exception as error:
            logger.exception("analytics.roll_up.failed", extra={"day": day.isoformat()})
            failed[day] = error
    if failed:
        raise ExceptionGroup(", ".join(map(str, failed)), list(failed.values()))


def _is_of_events(code: str) -> bool:
    return code in METRICS and METRICS[code].topic in (Topic.USERS, Topic.HABITS)


def _take(day: date) -> None:
    """Whoever comes second waits for as long as the first may take, longer than others wait for locks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{_LONGEST}s"])
    lock_number(_LOCKS + day.toordinal())


def _figures_of(day: date) -> Iterator[tuple[_Key, int]]:
    everybody = Window.of(day)
    for code in METRICS:
        yield from _figures(code, QUESTIONS[code](everybody))
    for watched in WatchedSegment.objects.order_by("pk"):
        people = Window.of(day, among=members_of(watched.segment_id))
        for code, metric in METRICS.items():
            if metric.by_person:
                whole = (value for value in QUESTIONS[code](people) if not value.cut)
                yield from _figures(code, whole, prefix=watched.cut)


def _figures(code: str, values: Iterable[Value], *, prefix: str = "") -> Iterator[tuple[_Key, int]]:
    """With the day as the sum of its hours where they add up; and with nothing where nothing happened."""
    found = {(code, value.cut or prefix, value.hour): value.value for value in values}
    if METRICS[code].adds is Adds.SUM:
        days: dict[_Key, int] = {}
        for (_code, cut, hour), value in found.items():
            if hour is not None:
                days[code, cut, None] = days.get((code, cut, None), 0) + value
        found |= days
    if METRICS[code].adds is not Adds.LAST:
        found.setdefault((code, prefix, None), 0)
    yield from found.items()
