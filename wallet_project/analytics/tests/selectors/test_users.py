"""Who comes, stays, leaves and comes back: counted by hand, and by SQL that reads events alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.events import PhoneBound, SignedIn, UserRegistered
from accounts.models import ClosureReason, ClosureRequest, User
from accounts.rules.closures import ClosureState
from payments.events import OrderPaid
from wallet.events import TopUpCredited
from wallet_project.analytics.selectors.cohorts import cohorts
from wallet_project.analytics.selectors.funnels import newcomers
from wallet_project.analytics.selectors.series import by_part, daily, hourly, ratio, total
from wallet_project.analytics.services.event_feed import hear_events
from wallet_project.analytics.services.rollups import roll_up
from wallet_project.analytics.tests.happening import looked_in, moment, told_at, was_here

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 31)  # a Saturday; nothing else happened then
TODAY = "2026-10-31"


def people(number):
    return [User.objects.create() for _ in range(number)]


def of_day(*codes):
    return {code: total(code, DAY, DAY) for code in codes}


def registered(user, day, hour=9):
    told_at(day, hour, UserRegistered(user_id=user.pk))


def test_who_was_here_is_counted_once_a_day_a_week_and_a_month():
    ann, bob, cat = people(3)
    was_here(ann, TODAY, "2026-10-30", "2026-10-25")
    was_here(ann, TODAY, hour=0)
    was_here(ann, TODAY, hour=23)
    was_here(bob, TODAY, "2026-10-02", hour=23)
    was_here(cat, "2026-10-24", "2026-10-01")

    roll_up(day=DAY)

    assert of_day("active_people", "active_in_week", "active_in_month", "visits", "acts") == {
        "active_people": 2,
        "active_in_week": 2,
        "active_in_month": 3,
        "visits": 4,
        "acts": 4,
    }
    assert hourly("active_people", DAY, DAY) == [(DAY, 0, 1), (DAY, 12, 1), (DAY, 23, 2)]
    assert total("active_people", DAY - timedelta(days=1), DAY) is None  # nobody can add different people
    assert ratio("stickiness", DAY, DAY) == Decimal(2) / Decimal(3)


def test_who_goes_and_who_comes_back():
    stays, leaves, back, long_gone, new = people(5)
    was_here(stays, "2026-10-01", "2026-10-15", TODAY)
    was_here(leaves, "2026-09-20", "2026-10-01")
    was_here(back, "2026-10-01", TODAY)
    was_here(long_gone, "2026-09-01", "2026-09-30")
    was_here(new, TODAY)

    roll_up(day=DAY)
    assert of_day("returning_people", "churned_people", "won_back_people") == {
        "returning_people": 2,
        "churned_people": 1,
        "won_back_people": 1,
    }
    roll_up(day=DAY - timedelta(days=1))
    assert total("churned_people", DAY - timedelta(days=1), DAY) == 2


def test_whoever_registers_is_new_and_may_be_kept():
    today, week_ago, silent, month_ago = people(4)
    registered(today, TODAY, hour=8)
    registered(week_ago, "2026-10-24")
    registered(silent, "2026-10-24")
    registered(month_ago, "2026-10-01")
    told_at(TODAY, 9, *(SignedIn(user_id=today.pk, method="PHONE", is_new_device=False) for _ in range(2)))
    was_here(week_ago, "2026-10-25")
    was_here(month_ago, "2026-10-24")
    hear_events()

    roll_up(day=DAY)

    assert of_day("new_people", "sign_ins", "due_after_week", "kept_after_week", "kept_after_month") == {
        "new_people": 1,
        "sign_ins": 2,
        "due_after_week": 2,
        "kept_after_week": 1,
        "kept_after_month": 0,
    }
    assert hourly("new_people", DAY, DAY) == [(DAY, 8, 1)]
    assert ratio("week_retention", DAY, DAY) == Decimal("0.5")


def test_the_way_from_the_first_look_to_the_first_payment():
    ann, bob, cat, earlier = people(4)
    looked_in("d-new", TODAY, TODAY)
    looked_in("d-known", "2026-10-20", TODAY)
    for user in (ann, bob, cat):
        registered(user, TODAY)
    registered(earlier, "2026-10-29")
    told_at(TODAY, 10, PhoneBound(user_id=ann.pk), PhoneBound(user_id=bob.pk), paid(earlier))
    told_at("2026-11-02", 10, TopUpCredited(number="P1", user_id=ann.pk, amount=1), paid(ann), paid(ann))
    hear_events()
    roll_up(day=DAY)

    way = [(step.name, step.count) for step in newcomers(DAY, DAY)]

    assert way == [("首次打开", 1), ("注册", 3), ("绑定手机", 2), ("首次充值", 1), ("首次付款", 1)]
    of_two = newcomers(DAY, DAY, among=User.objects.filter(pk__in=[bob.pk, cat.pk]).values("pk"))
    assert [step.count for step in of_two] == [None, 2, 1, 0, 0]
    assert of_day("first_phones", "first_payments") == {"first_phones": 2, "first_payments": 1}


def test_weeks_against_weeks():
    ann, bob, cat = people(3)
    registered(ann, "2026-10-12")  # Monday
    registered(bob, "2026-10-18")  # Sunday of the same week
    registered(cat, "2026-10-26")
    hear_events()
    was_here(ann, "2026-10-19", "2026-10-20", "2026-10-31")
    was_here(bob, "2026-10-31")
    for days in range(20):
        roll_up(day=DAY - timedelta(days=days))

    grid = cohorts(DAY, weeks=4)

    assert [(str(each.monday), each.size, each.came) for each in grid] == [
        ("2026-10-05", 0, [None, 0, 0, 0]),
        ("2026-10-12", 2, [2, 1, 2]),
        ("2026-10-19", 0, [0, 0]),
        ("2026-10-26", 1, [1]),
    ]


def test_why_people_leave():
    at = moment(TODAY)
    for user, reason in zip(people(3), ["PRIVACY", "PRIVACY", "OTHER"], strict=True):
        times = {"began_at": at, "confirmed_at": at, "due_at": at, "ended_at": at}
        ClosureRequest.objects.create(
            user=user, state=ClosureState.CLOSED, reason=ClosureReason(reason), balance=0, **times
        )

    roll_up(day=DAY)

    assert total("exits", DAY, DAY) == 3
    assert by_part("exits", "exit_reason", DAY, DAY) == {"exit_reason:PRIVACY": 2, "exit_reason:OTHER": 1}


def test_activity_is_what_events_say():
    users = people(6)
    for number, user in enumerate(users):
        was_here(user, *(f"2026-10-{day}" for day in range(10 + number, 31, 1 + number)), hour=number)
    told_at(
        TODAY,
        12,
        *(paid(user) for user in users[:4]),
        TopUpCredited(number="1", user_id=users[5].pk, amount=1),
    )
    hear_events()
    days = [DAY - timedelta(days=days) for days in range(3)]
    for day in days:
        roll_up(day=day)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT user_id), count(DISTINCT user_id) FILTER (WHERE name = 'paid')"
            " FROM analytics_event"
            " WHERE (at AT TIME ZONE 'Asia/Shanghai')::date = ANY (%s) AND user_id IS NOT NULL"
            " GROUP BY (at AT TIME ZONE 'Asia/Shanghai')::date"
            " ORDER BY (at AT TIME ZONE 'Asia/Shanghai')::date",
            [days],
        )
        independent = cursor.fetchall()

    assert daily(["active_people"], days[-1], DAY)["active_people"] == [
        people for people, _paid in independent
    ]
    assert independent[-1] == (5, 4)


def paid(user):
    return OrderPaid(
        order_no="O1", payer_id=user.pk, amount=4_500, discount=0, from_balance=0, from_channel=4_500
    )
