"""Events, counted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, CharField, Count, Exists, OuterRef, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import ExtractHour

from wallet_project.analytics.models import Event
from wallet_project.analytics.rules.events import FEATURES, VISITS
from wallet_project.analytics.selectors.activity import People, of_people
from wallet_project.kit.clock import SHANGHAI

FORGOTTEN = timedelta(days=90)  # a device that was not seen for so long is new

_HOUR = ExtractHour("at", tzinfo=SHANGHAI)
_SCREEN = KeyTextTransform("screen", "properties")


class Use(NamedTuple):
    """How often something was used on a day, and by how many different people."""

    feature: str
    times: int
    people: int


class Failures(NamedTuple):
    """Errors that were shown in one hour."""

    hour: int
    code: str | None
    times: int


def counted_by_hour(name: str, since: datetime, until: datetime, among: People = None) -> dict[int, int]:
    """How often something happened in each hour of a day."""
    return _by_hour(_between([name], since, until, among), Count("key"))


def visits_by_hour(since: datetime, until: datetime, among: People = None) -> dict[int, int]:
    """What people did themselves."""
    return _by_hour(_between(VISITS, since, until, among), Count("key"))


def new_visitors_by_hour(since: datetime, until: datetime) -> dict[int, int]:
    """Devices in the hour in which they were opened for the first time."""
    earlier = Event.objects.filter(visitor=OuterRef("visitor"), at__gte=since - FORGOTTEN, at__lt=since)
    opened = _between(["opened"], since, until).filter(~Exists(earlier), visitor__isnull=False)
    firsts = opened.order_by("visitor", "at").distinct("visitor").values_list(_HOUR, flat=True)
    counted: dict[int, int] = {}
    for hour in firsts:
        counted[hour] = counted.get(hour, 0) + 1
    return counted


def uses(since: datetime, until: datetime, among: People = None) -> list[Use]:
    """Of each feature, by what people did with it and by the screens they saw."""
    names = [When(name=name, then=Value(str(feature))) for name, feature in FEATURES.items()]
    feature = Case(*names, default=_SCREEN, output_field=CharField())
    used = _between([*FEATURES, "viewed"], since, until, among)
    counted = used.values(feature=feature).annotate(times=Count("key"), people=Count("user", distinct=True))
    return [Use(*row) for row in counted.order_by().values_list("feature", "times", "people")]


def people_who_used(since: datetime, until: datetime, among: People = None) -> int:
    """Different people who used any of them."""
    used = _between([*FEATURES, "viewed"], since, until, among)
    people: int = used.aggregate(people=Count("user", distinct=True))["people"]
    return people


def failures(since: datetime, until: datetime) -> list[Failures]:
    failed = _between(["failed"], since, until)
    counted = failed.values(hour=_HOUR, code=KeyTextTransform("code", "properties")).annotate(
        times=Count("key")
    )
    return [Failures(*row) for row in counted.order_by().values_list("hour", "code", "times")]


def _between(names: Iterable[str], since: datetime, until: datetime, among: People = None) -> QuerySet[Event]:
    return of_people(Event.objects.filter(name__in=list(names), at__gte=since, at__lt=until), among)


def _by_hour(events: QuerySet[Event], number: Count) -> dict[int, int]:
    return dict(events.values(hour=_HOUR).annotate(number=number).order_by().values_list("hour", "number"))
