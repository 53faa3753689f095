"""When people are at work, as the tables say; and which years nobody has entered yet."""

from datetime import date
from typing import Final

from feedback.models import BusinessCalendar, SpecialDays
from feedback.rules.calendars import BusinessHours, SpecialPeriod
from wallet_project.kit.clock import SHANGHAI

_ANNOUNCED_IN: Final = 11  # the month in which the next year's notice usually comes


def hours_by_calendar() -> dict[int, BusinessHours]:
    """Every calendar's, by its id."""
    special = {day: row.works for row in SpecialDays.objects.all() for day in row.period.days}
    return {
        row.pk: BusinessHours(
            zone=SHANGHAI,
            weekdays=frozenset(row.weekdays),
            opens=row.opens,
            closes=row.closes,
            special=special if row.keeps_holidays else {},
        )
        for row in BusinessCalendar.objects.all()
    }


def hours_in_words_by_name() -> list[tuple[str, str]]:
    """Every calendar's name, and its hours as customers read them; one query."""
    return [(row.name, row.in_words) for row in BusinessCalendar.objects.order_by("pk")]


def periods_of(year: int) -> list[SpecialPeriod]:
    """A year's notice, in order; empty while it is not entered."""
    return [row.period for row in SpecialDays.objects.filter(year=year).order_by("first_day")]


def years_to_enter(today: date) -> list[int]:
    """This year and, once its notice is due, the next one, where they are missing."""
    wanted = {today.year} | ({today.year + 1} if today.month >= _ANNOUNCED_IN else set())
    return sorted(wanted - set(SpecialDays.objects.filter(year__in=wanted).values_list("year", flat=True)))
