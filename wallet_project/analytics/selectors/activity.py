"""Who was here, and since when."""

from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.db.models.lookups import GreaterThan

from wallet_project.analytics.models import Activity, Journey

WEEKS = 12  # of registrations that are looked at together
GONE = timedelta(days=30)  # whoever was not here for so long has gone
_WEEK = timedelta(days=7)
_Of = TypeVar("_Of", bound=Model)

People = QuerySet[Any, Any] | None  # ids, for a subquery; None is everybody


def here(day: date, among: People = None) -> QuerySet[Activity]:
    return of_people(Activity.objects.filter(day=day), among)


def people_by_hour(day: date, among: People = None) -> dict[int, int]:
    """How many were here in each hour of a day; hours of nobody are left out."""
    hours = {
        str(hour): Count("user", filter=Q(GreaterThan(F("hours").bitand(1 << hour), 0))) for hour in range(24)
    }
    return {int(hour): people for hour, people in here(day, among).aggregate(**hours).items() if people}


def people_within(days: int, day: date, among: People = None) -> int:
    """How many different people on the last so many days, this one among them."""
    found = Activity.objects.filter(day__gt=day - timedelta(days=days), day__lte=day)
    return of_people(found, among).values("user").distinct().count()


def returned(day: date, among: People = None) -> QuerySet[Activity]:
    """Here that day, and not for the first time."""
    return here(day, among).filter(Exists(_theirs().filter(day__lt=day)))


def won_back(day: date, among: People = None) -> QuerySet[Activity]:
    """Here that day, and the last time so long before that they had gone."""
    lately = _theirs().filter(day__gt=day - GONE, day__lt=day)
    return here(day, among).filter(~Exists(lately), Exists(_theirs().filter(day__lte=day - GONE)))


def gone(day: date, among: People = None) -> QuerySet[Activity]:
    """Here a month before, and never since: it is that day that they have gone."""
    return here(day - GONE, among).exclude(Exists(_theirs().filter(day__gt=day - GONE, day__lte=day)))


def due(days: int, day: date, among: People = None) -> QuerySet[Journey]:
    """Who registered so many days before."""
    return of_people(Journey.objects.filter(registered_on=day - timedelta(days=days)), among)


def kept(days: int, day: date, among: People = None) -> QuerySet[Journey]:
    """Who of them was here in the week until that day."""
    lately = _theirs().filter(day__gt=day - _WEEK, day__lte=day)
    return due(days, day, among).filter(Exists(lately))


def people_by_week_of_registration(day: date) -> dict[date, int]:
    """Who was here in the week of a day, until that day: Monday of the week they registered in → people."""
    monday = day - timedelta(days=day.weekday())
    came = _theirs().filter(day__gte=monday, day__lte=day)
    joined = Journey.objects.filter(registered_on__gte=monday - (WEEKS - 1) * _WEEK, registered_on__lte=day)
    counted = (
        joined.filter(Exists(came)).values(week=TruncWeek("registered_on")).annotate(people=Count("user"))
    )
    return dict(counted.order_by().values_list("week", "people"))


def of_people(rows: QuerySet[_Of], among: People) -> QuerySet[_Of]:
    return rows if among is None else rows.filter(user__in=among)


def _theirs() -> QuerySet[Activity]:
    return Activity.objects.filter(user=OuterRef("user"))
