"""Targets stand as their figures do: what is added up, what is there at the end, shares, people."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from wallet_project.analytics.models import Figure, Target
from wallet_project.analytics.rules.targets import Health
from wallet_project.analytics.selectors.targets import targets_now
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def owner():
    return User.objects.create_superuser("he", "a long enough password")


def figures(code, value_of, *, since=date(2026, 9, 1), until=TODAY):
    days = (since + timedelta(days=number) for number in range((until - since).days + 1))
    Figure.objects.bulk_create(
        Figure(metric=code, day=day, hour=None, cut="", value=value_of(day)) for day in days
    )


@pytest.fixture
def standing(owner):
    def of(code, goal, *, first=date(2026, 11, 1), **more):
        Target.objects.create(code=code, goal=goal, first=first, owner=owner, **more)
        (found,) = targets_now(at=NOW)
        return found

    return of


def test_what_adds_up_goes_on_weekday_by_weekday(standing):
    """Weekends bring twice as much, and half of November is still to come."""
    figures("volume", lambda day: 0 if day == TODAY else 200_00 if day.weekday() >= 5 else 100_00)

    found = standing("volume", 4_000_00)

    weekends, workdays = 9, 21
    assert found.so_far == (5 * 200 + 10 * 100) * 100
    assert found.forecast == pytest.approx(Decimal((weekends * 200 + workdays * 100) * 100))
    assert (found.health, found.progress) == (Health.CLOSE, Decimal("0.5"))
    assert found.time_passed == Decimal("0.5")


def test_a_day_that_is_already_better_than_likely_counts_as_it_is(standing):
    figures("volume", lambda day: 5_000_00 if day == TODAY else 100_00)

    found = standing("volume", 6_000_00)

    assert found.forecast == pytest.approx(Decimal(15 * 100_00 + 5_000_00 + 14 * 100_00))
    assert found.health is Health.ON_TRACK


def test_a_share_is_of_the_sums_and_less_may_be_the_aim(standing):
    figures("refunded", lambda day: 3_00)
    figures("volume", lambda day: 100_00)

    found = standing("refund_rate", Decimal("0.02"), aim="AT_MOST")

    assert found.so_far == found.forecast == Decimal("0.03")
    assert found.health is Health.BEHIND


def test_a_balance_is_what_is_there_at_the_end(standing):
    figures("wallet_balance", lambda day: (day - date(2026, 9, 1)).days * 10_00)

    found = standing("wallet_balance", 900_00)

    assert found.so_far == 76 * 10_00
    assert found.forecast == pytest.approx(Decimal((date(2026, 11, 30) - date(2026, 9, 1)).days * 10_00))
    assert found.health is Health.ON_TRACK


def test_different_people_are_those_of_a_mean_day(standing):
    figures("buyers", lambda day: 40)

    found = standing("buyers", 50)

    assert (found.so_far, found.health) == (40, Health.BEHIND)


def test_without_figures_nobody_can_tell(standing):
    found = standing("volume", 1)

    assert (found.so_far, found.forecast, found.health) == (None, None, Health.UNKNOWN)


def test_only_what_is_under_way_is_shown_the_next_to_end_first_and_in_two_queries(
    owner, django_assert_num_queries
):
    for period, first in (
        ("YEAR", date(2026, 1, 1)),
        ("MONTH", date(2026, 10, 1)),
        ("MONTH", date(2026, 11, 1)),
        ("MONTH", date(2026, 12, 1)),
        ("QUARTER", date(2026, 10, 1)),
    ):
        Target.objects.create(code="volume", goal=1, period=period, first=first, owner=owner)

    with django_assert_num_queries(2):
        found = targets_now(at=NOW)

    assert [each.target.period for each in found] == ["MONTH", "QUARTER", "YEAR"]
