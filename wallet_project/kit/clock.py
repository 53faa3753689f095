"""The one clock. Services read it once and hand the time down; rules and models never look."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return timezone.now()


def business_day(moment: datetime) -> date:
    """The Shanghai calendar day an instant belongs to."""
    return moment.astimezone(SHANGHAI).date()


def start_of_day(moment: datetime) -> datetime:
    """Midnight in Shanghai, at which the day of an instant began."""
    return moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def beginning_of(day: date) -> datetime:
    """Midnight in Shanghai, at which a day begins."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def borders_of(month: str) -> tuple[datetime, datetime]:
    """When a Shanghai month, '2026-11', begins and when the next one does."""
    first = date.fromisoformat(f"{month}-01")
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return beginning_of(first), beginning_of(following)


def business_month(moment: datetime) -> str:
    """'2026-11': the Shanghai month an instant belongs to."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m")


def iso(moment: datetime) -> str:
    """ISO 8601 in Shanghai time, to the second: 2026-11-21T20:15:30+08:00."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def in_words(moment: datetime) -> str:
    """How people read an instant on paper, in Shanghai time: 2026-11-21 20:15:30."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
