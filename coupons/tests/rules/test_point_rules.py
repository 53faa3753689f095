"""For what points are earned."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coupons.rules.point_rules import EarnTerms, Spent, earned_by, in_words, is_streak_rewarded, within_day
from wallet_project.kit import clock

WEDNESDAY_NOON = datetime(2026, 11, 25, 12, tzinfo=clock.SHANGHAI)
BASE = EarnTerms(event="PURCHASE", rate=100)


def spent(own=100_00, **facts):
    return Spent(**{"own": own, "place": "store:renmin", "kind": "STORE", "at": WEDNESDAY_NOON, **facts})


@pytest.mark.parametrize(
    ("condition", "points"),
    [
        ({}, 100),
        ({"kind": "STORE"}, 100),
        ({"kind": "SHOP"}, 0),
        ({"places": ("store:renmin",)}, 100),
        ({"places": ("store:binjiang",)}, 0),
        ({"tier": "gold"}, 0),
        ({"weekdays": (3,)}, 100),
        ({"weekdays": (1, 2)}, 0),
        ({"hour_from": 12, "hour_until": 13}, 100),
        ({"hour_from": 0, "hour_until": 12}, 0),
        ({"least": 100_00}, 100),
        ({"least": 100_01}, 0),
        ({"most": 30}, 30),
    ],
)
def test_a_purchase_earns_what_its_rule_says(condition, points):
    terms = EarnTerms(event="PURCHASE", rate=100, **condition)

    assert earned_by(terms, spent()) == points
    assert earned_by(terms, spent(points_rate=15_000)) == min(points * 3 // 2, terms.most or 10**9)


@given(st.lists(st.integers(0, 10**7)), st.integers(0, 1000))
def test_splitting_a_purchase_never_earns_more(parts, rate):
    terms = EarnTerms(event="PURCHASE", rate=rate)

    assert sum(earned_by(terms, spent(part)) for part in parts) <= earned_by(terms, spent(sum(parts)))


@given(st.lists(st.integers(0, 100)), st.integers(0, 300))
def test_a_day_earns_no_more_than_it_may(purchases, most):
    terms, earned = EarnTerms(event="PURCHASE", rate=1, most_a_day=most), 0
    for points in purchases:
        earned += within_day(points, terms=terms, earned_today=earned)

    assert earned == min(sum(purchases), most)


def test_a_streak_is_rewarded_when_it_comes_to_a_length_and_when_it_jumps_over_it():
    week = EarnTerms(event="CHECK_IN", points=50, every_days=7)

    assert [day for day in range(1, 22) if is_streak_rewarded(week, streak=day, above=day - 1)] == [7, 14, 21]
    assert is_streak_rewarded(week, streak=9, above=3)
    assert not is_streak_rewarded(week, streak=11, above=7)


def test_customers_read_a_rule_with_all_its_conditions():
    terms = EarnTerms(
        event="PURCHASE", rate=200, weekdays=(3, 6), hour_from=9, hour_until=18, least=50_00, most=500
    )

    assert in_words(terms, places="人民路店、商城").split("；") == [
        "每消费 100 元得 200 积分",
        "仅限人民路店、商城",
        "仅限星期三、星期六",
        "仅限 9–18 点",
        "满 50.00 元",
        "每笔最多 500 积分",
    ]
