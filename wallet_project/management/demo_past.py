"""The demo's last four weeks: strangers who opened the mini-program and looked around, and bought nothing."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from wallet_project.analytics.models import Event
from wallet_project.analytics.services.events import keep_events
from wallet_project.analytics.services.months import make_months
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.kit import clock

_DAYS = 28
_ROWS = """
    SELECT told.key, told.at, told.name, NULL::bigint, told.visitor, told.properties
    FROM jsonb_to_recordset(%(told)s) AS told (
        key uuid, at timestamptz, name text, visitor uuid, properties jsonb
    )"""
# Of each hour of a day, how much of it; of each day of the week, how many come.
_HOURS = (2, 1, 1, 0, 0, 1, 4, 8, 9, 8, 9, 14, 18, 12, 8, 8, 9, 13, 18, 20, 19, 13, 8, 4)
_WEEK = (50, 48, 52, 55, 66, 82, 74)
_SCREENS = ("home", "home", "home", "pay", "coupons", "membership", "campaign", "orders", "support")


def live_through(*, today: date) -> None:
    """Days before today, and their figures; harmless when repeated."""
    days = [today - timedelta(days=back) for back in range(_DAYS, 0, -1)]
    first, last = clock.beginning_of(days[0]), clock.beginning_of(today)
    if Event.objects.filter(at__gte=first, at__lt=last).exists():
        return
    make_months(first=first, last=last)
    for number, day in enumerate(days):
        keep_events(_ROWS, told=json.dumps(list(_looks(day, growth=1 + number / 40)), default=str))
        roll_up(day=day)


def _looks(day: date, *, growth: float) -> Iterator[dict[str, Any]]:
    """The same ones for the same day. Some of whoever comes came before."""
    chance = Random(day.toordinal())  # noqa: S311 - a story, not a secret
    known = int(300 * growth)
    for _ in range(int(_WEEK[day.weekday()] * growth)):
        visitor = uuid5(NAMESPACE_OID, f"demo {int(known * chance.random() ** 2)}")
        at = clock.beginning_of(day) + timedelta(
            hours=chance.choices(range(24), _HOURS)[0], seconds=chance.randrange(3_600)
        )
        yield _event(visitor, at, "opened", scene=chance.choice((1001, 1011, 1089)))
        for look in range(chance.randrange(1, 5)):
            later = at + timedelta(seconds=20 * (look + 1))
            if clock.business_day(later) == day:
                yield _event(visitor, later, "viewed", screen=chance.choice(_SCREENS))


def _event(visitor: UUID, at: datetime, name: str, **properties: object) -> dict[str, Any]:
    return {
        "key": uuid5(visitor, f"{at} {name}"),
        "at": at.isoformat(),
        "name": name,
        "visitor": visitor,
        "properties": properties,
    }
