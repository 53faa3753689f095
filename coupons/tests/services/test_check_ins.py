"""Customers check in day by day."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.models import User
from coupons.errors import AlreadyCheckedIn, DayNotMissed, MakeUpCardMissing
from coupons.models import CheckIn, PointsAccount
from coupons.rules.point_rules import EarnEvent
from coupons.selectors.check_ins import calendar_of
from coupons.services.check_ins import check_in, make_up
from coupons.tests.points import points, rule
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

FIRST = date(2027, 3, 1)


def on(day, hour=12):
    return time_machine.travel(clock.beginning_of(FIRST + timedelta(days=day - 1)) + timedelta(hours=hour))


@pytest.fixture
def customer():
    with on(1):
        user = User.objects.create()
        rule(EarnEvent.CHECK_IN, points=1)
        rule(EarnEvent.CHECK_IN, points=50, every_days=3)
        PointsAccount.objects.create(user=user, make_up_cards=1)
        return user


def checks_in(user, *days):
    for day in days:
        with on(day):
            check_in(user_id=user.pk)


def test_every_third_day_in_a_row_is_worth_more(customer):
    checks_in(customer, 1, 2, 3, 5, 6)

    assert points(customer) == (0, 5 + 50, 0, 0)
    assert [row.streak for row in CheckIn.objects.filter(user=customer).order_by("day")] == [1, 2, 3, 1, 2]


def test_a_day_is_a_day_in_shanghai_and_counts_once(customer):
    with on(1, hour=0):
        check_in(user_id=customer.pk)
    with on(1, hour=23), pytest.raises(AlreadyCheckedIn):
        check_in(user_id=customer.pk)
    with on(2, hour=0):
        check_in(user_id=customer.pk)

    assert points(customer) == (0, 2, 0, 0)


def test_a_card_joins_what_came_before_and_after_a_missed_day(customer):
    checks_in(customer, 1, 3)
    with on(3):
        last = make_up(user_id=customer.pk, day=FIRST + timedelta(days=1))

    assert last.streak == 3
    assert points(customer) == (0, 2 + 50, 0, 0)
    checks_in(customer, 4)
    assert points(customer) == (0, 3 + 50, 0, 0)


def test_only_a_missed_day_of_the_last_week_can_be_made_up_and_only_with_a_card(customer):
    checks_in(customer, 9)
    with on(9):
        for day in (0, 1, 9, 10):  # before they were here, too long ago, checked in, to come
            with pytest.raises(DayNotMissed):
                make_up(user_id=customer.pk, day=FIRST + timedelta(days=day - 1))
        make_up(user_id=customer.pk, day=FIRST + timedelta(days=1))
        with pytest.raises(MakeUpCardMissing):
            make_up(user_id=customer.pk, day=FIRST + timedelta(days=2))

    assert CheckIn.objects.filter(user=customer).count() == 2
    assert points(customer) == (0, 1, 0, 0)


def test_the_calendar_says_what_the_next_check_in_earns(customer, django_assert_num_queries):
    checks_in(customer, 1, 2)
    with on(3), django_assert_num_queries(6):
        calendar = calendar_of(customer.pk, month=None, at=clock.now())

    assert (calendar.streak, calendar.is_checked_in, calendar.next_points) == (2, False, 51)
    assert (calendar.month, calendar.missed, calendar.make_up_cards) == ("2027-03", [], 1)
