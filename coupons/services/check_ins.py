"""Customers check in day by day, and make up for a day that they missed."""

from datetime import date, timedelta

from django.db import transaction

from coupons.errors import AlreadyCheckedIn, DayNotMissed, MakeUpCardMissing
from coupons.models import CheckIn
from coupons.rules.membership import GrowthEvent
from coupons.rules.point_rules import EarnEvent, is_streak_rewarded
from coupons.selectors.check_ins import days_missed_by
from coupons.selectors.point_rules import rules_in_force
from coupons.services.growth import grow
from coupons.services.points import give_points
from coupons.services.points_accounts import lock_account
from wallet_project.kit import clock
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import require_going

_A_DAY = timedelta(days=1)


def check_in(*, user_id: int) -> CheckIn:
    """
    Today, in Shanghai; a streak goes on where it was yesterday.

    :raises AlreadyCheckedIn: today counts once
    :raises Paused: nothing is given at the moment
    """
    require_going(Flow.COUPONS)
    with transaction.atomic(durable=True):
        lock_account(user_id)
        today = clock.business_day(clock.now())
        if CheckIn.objects.filter(user=user_id, day=today).exists():
            raise AlreadyCheckedIn
        made = _write(user_id, today)
        grow(user_id=user_id, event=GrowthEvent.CHECK_IN, occasion=str(today))
        _reward(made, above=made.streak - 1, shortest=1)
    return made


def make_up(*, user_id: int, day: date) -> CheckIn:
    """
    One card for a day of the last week that was missed. The day itself earns nothing, but what came before
    and after it is one streak; returns the last day of that.

    :raises DayNotMissed: it is none of these days
    :raises MakeUpCardMissing: there is no card
    :raises Paused: nothing is used at the moment
    """
    require_going(Flow.COUPONS)
    with transaction.atomic(durable=True):
        account = lock_account(user_id)
        if day not in days_missed_by(user_id, today=clock.business_day(clock.now())):
            raise DayNotMissed
        if not account.make_up_cards:
            raise MakeUpCardMissing
        account.make_up_cards -= 1
        account.save()
        made = _write(user_id, day, is_made_up=True)
        above = made.streak - 1
        after = CheckIn.objects.filter(user=user_id, began=day + _A_DAY)
        last = after.order_by("-day").first()
        if last is not None:
            above, last.began = last.streak, made.began
            after.update(began=made.began)
        _reward(last or made, above=above, shortest=2)
    return last or made


def _write(user_id: int, day: date, *, is_made_up: bool = False) -> CheckIn:
    before = CheckIn.objects.filter(user=user_id, day=day - _A_DAY).first()
    return CheckIn.objects.create(
        user_id=user_id,
        day=day,
        began=before.began if before else day,
        is_made_up=is_made_up,
        at=clock.now(),
    )


def _reward(made: CheckIn, *, above: int, shortest: int) -> None:
    """By the rules for streaks of so many days at least that this one has grown to."""
    for rule in rules_in_force(EarnEvent.CHECK_IN, at=made.at):
        terms = rule.earn_terms
        if terms.every_days >= shortest and is_streak_rewarded(terms, streak=made.streak, above=above):
            give_points(
                user_id=made.user_id,
                points=rule.points,
                source=f"rule:{rule.pk}:user:{made.user_id}:{made.day}",
                title=rule.name,
                rule_id=rule.pk,
            )
