"""A day becomes figures, the same ones however often."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.tests.factories import logged_in
from coupons.models import Segment, SegmentMember
from payments.models import Order, Payment
from payments.tests.factories import paid_order
from wallet_project.analytics.models import Figure, WatchedSegment
from wallet_project.analytics.selectors.metrics.catalogue import QUESTIONS, Window
from wallet_project.analytics.selectors.series import by_part, daily, hourly, ratio, total, totals
from wallet_project.analytics.services.rollups import roll_up, roll_up_last_days
from wallet_project.kit import clock

DAY = date(2020, 2, 29)  # nothing else happened then
MORNING = datetime(2020, 2, 29, 9, 30, tzinfo=clock.SHANGHAI)

pytestmark = pytest.mark.django_db


def sold(amount: int, *, at: datetime, payer: User | None = None) -> Order:
    order = paid_order(payer or logged_in().user, amount=amount)
    Order.objects.filter(pk=order.pk).update(placed_at=at, paid_at=at)
    Payment.objects.filter(order=order).update(created_at=at)
    return order


def test_a_day_is_kept_by_hour_as_a_whole_and_by_part():
    order = sold(1_000, at=MORNING)
    sold(500, at=MORNING + timedelta(hours=1))
    sold(7, at=MORNING + timedelta(hours=14, minutes=29, seconds=59))
    sold(9_999, at=MORNING + timedelta(hours=14, minutes=30))  # midnight in Shanghai: the next day

    roll_up(day=DAY)

    assert hourly("volume", DAY, DAY) == [(DAY, 9, 1_000), (DAY, 10, 500), (DAY, 23, 7)]
    assert totals(["volume", "orders_paid", "buyers"], DAY, DAY) == {
        "volume": 1_507,
        "orders_paid": 3,
        "buyers": 3,
    }
    assert by_part("volume", "method", DAY, DAY) == {"method:balance": 1_507}
    assert by_part("volume", "place", DAY, DAY)[f"place:{order.counterparty}"] == 1_000


def test_rolling_up_again_changes_only_what_has_changed():
    sold(1_000, at=MORNING)
    roll_up(day=DAY)
    before = set(Figure.objects.filter(day=DAY).values_list("pk", "value"))

    roll_up(day=DAY)
    assert set(Figure.objects.filter(day=DAY).values_list("pk", "value")) == before

    Order.objects.filter(paid_at=MORNING).update(paid_at=MORNING + timedelta(hours=2))
    roll_up(day=DAY)
    assert hourly("volume", DAY, DAY) == [(DAY, 11, 1_000)]
    assert total("volume", DAY, DAY) == 1_000


def test_a_day_of_nothing_is_zero_and_a_day_nobody_looked_at_is_unknown():
    sold(300, at=MORNING)
    roll_up(day=DAY)
    roll_up(day=DAY + timedelta(days=1))

    assert daily(["volume"], DAY - timedelta(days=1), DAY + timedelta(days=1)) == {"volume": [None, 300, 0]}
    assert total("volume", DAY - timedelta(days=1), DAY + timedelta(days=1)) == 300
    assert total("volume", DAY - timedelta(days=1), DAY - timedelta(days=1)) is None


def test_what_does_not_add_up_is_not_added_and_a_ratio_is_of_the_sums():
    payer = logged_in().user
    for days, amounts in enumerate(((100, 200), (900,))):
        for amount in amounts:
            sold(amount, at=MORNING + timedelta(days=days), payer=payer)
        roll_up(day=DAY + timedelta(days=days))

    after = DAY + timedelta(days=1)
    assert total("buyers", DAY, DAY) == total("buyers", after, after) == 1
    assert total("buyers", DAY, after) is None
    assert ratio("order_value", DAY, after) == 400  # not 525, the mean of both days
    assert ratio("order_value", DAY + timedelta(days=2), DAY + timedelta(days=2)) is None


def test_a_watched_segment_has_figures_of_its_people_alone():
    member = logged_in().user
    segment = Segment.objects.create(name="老顾客", is_active=False)
    SegmentMember.objects.create(segment=segment, user=member, since=clock.now())
    watched = WatchedSegment.objects.create(segment=segment)
    sold(1_000, at=MORNING, payer=member)
    sold(500, at=MORNING)

    roll_up(day=DAY)

    assert total("volume", DAY, DAY) == 1_500
    assert total("volume", DAY, DAY, watched.cut) == 1_000
    assert hourly("volume", DAY, DAY, watched.cut) == [(DAY, 9, 1_000)]
    assert by_part("volume", "method", DAY, DAY) == {"method:balance": 1_500}


def test_days_are_rolled_up_by_hand_in_order():
    sold(1_000, at=MORNING)
    sold(500, at=MORNING + timedelta(days=2))

    call_command("roll_up", "--from", "2020-02-29", "--to", "2020-03-02", verbosity=0)

    assert daily(["volume"], DAY, date(2020, 3, 2)) == {"volume": [1_000, 0, 500]}
    with pytest.raises(CommandError):
        call_command("roll_up", "--from", "2020-03-02", "--to", "2020-02-29", verbosity=0)


def test_after_a_standstill_the_night_makes_up_for_the_days_nobody_looked_at():
    today = clock.business_day(clock.now())
    days = [today - timedelta(days=number) for number in range(6, 0, -1)]
    sold(1_000, at=clock.start_of_day(clock.now()) - timedelta(days=4, hours=-9))  # nobody has counted it
    for day in days[:2]:
        Figure.objects.create(metric="volume", day=day, value=7)  # the second one was left in the middle

    roll_up_last_days()

    assert daily(["volume"], days[0], days[-1]) == {"volume": [7, 0, 1_000, 0, 0, 0]}
    assert daily(["volume"], days[0] - timedelta(days=9), days[0] - timedelta(days=1)) == {
        "volume": [None] * 9
    }


def test_a_day_that_fails_keeps_no_other_waiting_and_is_missed_again_the_next_night(monkeypatch):
    today = clock.business_day(clock.now())
    days = [today - timedelta(days=number) for number in range(5, 0, -1)]
    Figure.objects.create(metric="volume", day=days[0], value=7)
    sold(1_000, at=clock.start_of_day(clock.now()) - timedelta(hours=3))
    with monkeypatch.context() as broken:
        ask = QUESTIONS["volume"]
        broken.setitem(
            QUESTIONS, "volume", lambda window: 1 / 0 if window == Window.of(days[2]) else ask(window)
        )
        with pytest.raises(ExceptionGroup, match=str(days[2])):
            roll_up_last_days()
    assert daily(["volume"], days[0], days[-1]) == {"volume": [0, 0, None, 0, 1_000]}

    roll_up_last_days()

    assert daily(["volume"], days[0], days[-1]) == {"volume": [0, 0, 0, 0, 1_000]}


def test_what_people_did_stays_counted_when_its_events_have_been_dropped():
    sold(1_000, at=MORNING)
    Figure.objects.create(metric="visits", day=DAY, value=77)
    Figure.objects.create(metric="volume", day=DAY, value=77)

    roll_up(day=DAY)

    assert totals(["visits", "volume"], DAY, DAY) == {"visits": 77, "volume": 1_000}
    today = clock.business_day(clock.now())
    Figure.objects.create(metric="visits", day=today, value=77)
    roll_up(day=today)
    assert total("visits", today, today) == 0
