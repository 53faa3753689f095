"""Who registered together, and how many of them still come: weeks against weeks."""

from dataclasses import dataclass
from datetime import date, timedelta

from wallet_project.analytics.models import Figure
from wallet_project.analytics.selectors.activity import WEEKS

_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """
    People who registered in the week of `monday`. `came[0]` is how many of them were here in that same week,
    `came[1]` in the next; None: not rolled up. The last one may be of a week that is not over.
    """

    monday: date
    size: int
    came: list[int | None]


def cohorts(last: date, *, weeks: int = WEEKS) -> list[Cohort]:
    """The weeks until the one of `last`, the oldest first; two queries."""
    newest = last - timedelta(days=last.weekday())
    mondays = [newest - _WEEK * back for back in reversed(range(weeks))]
    sizes = dict.fromkeys(mondays, 0)
    registered = Figure.objects.filter(metric="new_people", cut="", hour=None, day__range=(mondays[0], last))
    for day, people in registered.values_list("day", "value"):
        sizes[day - timedelta(days=day.weekday())] += people
    came: dict[tuple[date, date], int] = {}
    weekly = Figure.objects.filter(metric="people_of_week", day__range=(mondays[0], last)).exclude(cut="")
    # In the order of days: of a week its last day stands.
    for day, cut, people in weekly.order_by("day").values_list("day", "cut", "value"):
        came[date.fromisoformat(cut.removeprefix("week:")), day - timedelta(days=day.weekday())] = people
    known = {week for _monday, week in came}
    return [
        Cohort(
            monday=monday,
            size=sizes[monday],
            came=[
                came.get((monday, week), 0 if week in known else None) for week in mondays if week >= monday
            ],
        )
        for monday in mondays
    ]
