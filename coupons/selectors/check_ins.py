"""On which days somebody checked in, and what is next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.selectors.users import profile_of
from coupons.models import CheckIn, PointsAccount
from coupons.rules.check_ins import MAKE_UP_DAYS, missed_days
from coupons.rules.point_rules import EarnEvent, is_streak_rewarded
from coupons.selectors.point_rules import rules_in_force
from wallet_project.kit import clock


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """
    A month's days; the streak until today, or yesterday where today is still to come; the days that a card
    can make up for; and what the next check-in earns.
    """

    month: str
    days: list[CheckIn]
    streak: int
    is_checked_in: bool
    make_up_cards: int
    missed: list[date]
    next_points: int


def days_missed_by(user_id: int, *, today: date) -> list[date]:
    """What they can make up for: two queries."""
    lately = CheckIn.objects.filter(user=user_id, day__gte=today - timedelta(days=MAKE_UP_DAYS))
    return missed_days(
        today=today,
        checked=set(lately.values_list("day", flat=True)),
        since=clock.business_day(profile_of(user_id).created_at),
    )


def calendar_of(user_id: int, *, month: str | None, at: datetime) -> Calendar:
    """Six queries."""
    today = clock.business_day(at)
    month = month or clock.business_month(at)
    first, following = (clock.business_day(border) for border in clock.borders_of(month))
    days = CheckIn.objects.filter(user=user_id, day__gte=first, day__lt=following).order_by("day")
    last = CheckIn.objects.filter(user=user_id, day__gte=today - timedelta(days=1)).order_by("-day").first()
    streak = last.streak if last else 0
    account = PointsAccount.objects.filter(pk=user_id).first()
    return Calendar(
        month=month,
        days=list(days),
        streak=streak,
        is_checked_in=last is not None and last.day == today,
        make_up_cards=account.make_up_cards if account else 0,
        missed=days_missed_by(user_id, today=today),
        next_points=sum(
            rule.points
            for rule in rules_in_force(EarnEvent.CHECK_IN, at=at)
            if is_streak_rewarded(rule.earn_terms, streak=streak + 1, above=streak)
        ),
    )
