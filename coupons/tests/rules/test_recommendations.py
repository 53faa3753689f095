"""What is shown follows from weights and facts, and says why."""

import pytest

from coupons.rules.recommendations import (
    CardKind,
    Facts,
    KnownPlace,
    PopularPlace,
    Signal,
    cards_for,
    part_of_day,
    popular_cards,
)

WEIGHTS = {"expiring": 5, "next_tier": 4, "recent": 3, "hour": 2, "similar": 2, "popular": 1}
POPULAR = {"a": PopularPlace(name="甲店", people=50), "b": PopularPlace(name="乙店", people=10)}


def shown(facts, weights=WEIGHTS, most=9):
    return [
        (card.key, card.signal.value, card.reason) for card in cards_for(facts, weights=weights, most=most)
    ]


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({}, ("place:a", "popular", "最近大家常去")),
        (
            {"known": {"b": KnownPlace(name="乙店", visits=(0, 4, 0, 0))}},
            ("place:b", "recent", "您最近 4 次光顾"),
        ),
        (
            {"known": {"c": KnownPlace(name="丙店", similar=7)}},
            ("place:c", "similar", "光顾过相同门店的顾客也喜欢"),
        ),
        ({"coupons_ending": 3}, ("coupons", "expiring", "您的 3 张优惠券即将到期")),
        ({"points_ending": 1_200}, ("points", "expiring", "您的 1,200 积分即将到期")),
        ({"bonus_ending": 5_50}, ("bonus", "expiring", "您的 ¥5.50 赠金即将到期")),
        (
            {"next_tier": "金卡会员", "tier_missing": 20, "tiers_apart": 2_000},
            ("tier", "next_tier", "再得 20 成长值升级为金卡会员"),
        ),
    ],
)
def test_the_first_card_says_what_speaks_for_it(facts, first):
    assert shown(Facts(popular=POPULAR, **facts))[0] == first


def test_the_part_of_the_day_decides_between_two_places():
    known = {
        "b": KnownPlace(name="乙店", visits=(0, 3, 0, 0)),
        "c": KnownPlace(name="丙店", visits=(0, 0, 0, 3)),
    }
    first = {
        part: cards_for(Facts(popular={}, known=known, part_of_day=part), weights=WEIGHTS, most=1)[0].title
        for part in (part_of_day(9), part_of_day(20))
    }
    assert first == {1: "乙店", 3: "丙店"}


def test_what_weighs_nothing_is_not_shown_and_no_more_than_wanted():
    facts = Facts(popular=POPULAR, coupons_ending=1, points_ending=1)
    assert shown(facts, weights={"expiring": 0, "popular": 1}, most=1) == [
        ("place:a", "popular", "最近大家常去")
    ]


def test_popular_cards_know_nothing_about_who_looks():
    facts = Facts(
        popular=POPULAR,
        known={"c": KnownPlace(name="丙店", visits=(9, 9, 9, 9), similar=9)},
        coupons_ending=3,
        next_tier="金卡会员",
        tier_missing=1,
        tiers_apart=10,
    )
    found = popular_cards(facts, most=9)
    assert [(card.kind, card.key, card.signal) for card in found] == [
        (CardKind.PLACE, "place:a", Signal.POPULAR),
        (CardKind.PLACE, "place:b", Signal.POPULAR),
    ]
