"""When people are at work is changed by two; whatever waits counts anew by it."""

from datetime import date, time
from typing import Any

from feedback.errors import CalendarRefused, ChangesNothing
from feedback.models import BusinessCalendar, SpecialDays
from feedback.rules.calendars import (
    SpecialPeriod,
    hours_in_words,
    periods_from_text,
    periods_in_text,
    problem_with_hours,
    problem_with_year,
)
from feedback.selectors.calendars import periods_of
from wallet_project.approvals.services import propose
from wallet_project.audit.services import record_audit
from wallet_project.kit.db import require_transaction
from wallet_project.kit.jobs import after_commit


def propose_hours(*, calendar: BusinessCalendar, hours: dict[str, Any], reason: str, maker_id: int) -> None:
    """
    Ask a second person to let a calendar have other hours. `hours` has weekdays, opens, closes ("09:00") and
    keeps_holidays.

    :raises CalendarRefused: nobody can work like this
    :raises ChangesNothing: it has these hours
    :raises AlreadyProposed: another change of this calendar is waiting
    """
    _require_change(calendar, hours)
    propose(
        kind="feedback.calendar",
        subject=f"calendar:{calendar.code}",
        facts={"code": calendar.code, "name": calendar.name, "before": calendar.in_words, "hours": hours},
        reason=reason,
        maker_id=maker_id,
    )


def set_hours(*, code: str, hours: dict[str, Any]) -> None:
    """
    A calendar has these hours, in the transaction that approves.

    :raises CalendarRefused, ChangesNothing: as propose_hours; things change meanwhile
    """
    require_transaction()
    calendar = BusinessCalendar.objects.select_for_update(no_key=True).get(code=code)
    for name, value in _require_change(calendar, hours).items():
        setattr(calendar, name, value)
    calendar.save()
    record_audit(action="feedback.calendar.set", subject=f"calendar:{code}", facts=hours)
    after_commit("feedback.renew_promises", after_id=0)


def propose_year(*, year: int, text: str, reason: str, maker_id: int) -> None:
    """
    Ask a second person to enter a year's notice, a line each (rules.calendars.periods_from_text). It takes
    the place of what was entered for that year.

    :raises CalendarRefused: a line does not read as a day, or they cannot be a year's
    :raises ChangesNothing: it is entered like this
    :raises AlreadyProposed: the same year is waiting
    """
    periods = _read_year(year, text)
    propose(
        kind="feedback.special_days",
        subject=f"special_days:{year}",
        facts={"year": year, "text": periods_in_text(periods)},
        reason=reason,
        maker_id=maker_id,
    )


def set_year(*, year: int, text: str) -> None:
    """
    A year is as its notice says, in the transaction that approves.

    :raises CalendarRefused, ChangesNothing: as propose_year; things change meanwhile
    """
    require_transaction()
    periods = _read_year(year, text)
    SpecialDays.objects.filter(year=year).delete()
    _refuse_overlap(periods)
    SpecialDays.objects.bulk_create(
        SpecialDays(
            year=year, name=each.name, first_day=each.first_day, last_day=each.last_day, works=each.works
        )
        for each in periods
    )
    record_audit(action="feedback.special_days.set", subject=f"special_days:{year}", facts={"days": text})
    after_commit("feedback.renew_promises", after_id=0)


def hours_in_words_of(hours: dict[str, Any]) -> str:
    """What is proposed, as whoever approves it reads it."""
    return hours_in_words(**_hours_of(hours))


def _hours_of(hours: dict[str, Any]) -> dict[str, Any]:
    """As the columns of a calendar have them."""
    return {
        "weekdays": sorted(hours["weekdays"]),
        "opens": time.fromisoformat(hours["opens"]),
        "closes": time.fromisoformat(hours["closes"]),
        "keeps_holidays": hours["keeps_holidays"],
    }


def _require_change(calendar: BusinessCalendar, hours: dict[str, Any]) -> dict[str, Any]:
    wanted = _hours_of(hours)
    if problem := problem_with_hours(
        weekdays=wanted["weekdays"], opens=wanted["opens"], closes=wanted["closes"]
    ):
        raise CalendarRefused(reason=str(problem))
    if all(getattr(calendar, name) == value for name, value in wanted.items()):
        raise ChangesNothing
    return wanted


def _read_year(year: int, text: str) -> list[SpecialPeriod]:
    try:
        periods = sorted(periods_from_text(text), key=lambda each: each.first_day)
    except ValueError as error:
        raise CalendarRefused(reason=f"这一行看不懂：{error}") from None
    if problem := problem_with_year(periods, year=year):
        raise CalendarRefused(reason=str(problem))
    if periods == periods_of(year):
        raise ChangesNothing
    return periods


def _refuse_overlap(periods: list[SpecialPeriod]) -> None:
    """The year before may have said something of its last days, too."""
    taken: set[date] = {day for row in SpecialDays.objects.all() for day in row.period.days}
    if any(day in taken for each in periods for day in each.days):
        raise CalendarRefused(reason="有日期已在相邻年度中安排")
