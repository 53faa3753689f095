"""What is shown is personal for those who want it, says why, and is measured against those held out."""

from datetime import timedelta

import pytest
import time_machine

from coupons.models import Exposure, RecommendationClick, Taste
from coupons.rules.experiments import Arm
from coupons.selectors.experiments import arm_of
from coupons.selectors.recommendations import clicks_by_arm, experiment, recommendations_for
from coupons.services.recommendations import (
    choose_nothing_personal,
    choose_personal,
    forget_taste,
    note_click,
    note_shown,
    refresh_recommendations,
)
from coupons.tests.offers import people
from coupons.tests.points import buy, give, in_transaction
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def in_arm(held_out, count=1):
    found = [user for user in people(60) if (arm_of(experiment(), user.pk) is Arm.HOLDOUT) is held_out]
    return found[:count]


def cards(user):
    found = recommendations_for(user.pk, at=clock.now())
    return found.is_personal, {card.key: card.signal for card in found.cards}


@pytest.fixture
def crowd():
    """Three who go to both places, and many who go to the first alone."""
    for user in people(3):
        buy(user, 10_00, place="store:renmin")
        buy(user, 10_00, place="store:binjiang")
    for user in people(3):
        buy(user, 10_00, place="store:renmin")


@pytest.mark.usefixtures("crowd")
def test_where_one_goes_and_where_people_like_oneself_go():
    [me], [held_out] = in_arm(held_out=False), in_arm(held_out=True)
    for user in (me, held_out):
        buy(user, 10_00, place="store:renmin")
        give(user, active=100)
    refresh_recommendations()

    assert Taste.objects.get(pk=me.pk).places.keys() == {"store:renmin", "store:binjiang"}
    assert cards(me)[0] is True
    assert cards(me)[1]["place:store:binjiang"] == "similar"
    assert cards(held_out) == (False, {"place:store:renmin": "popular", "place:store:binjiang": "popular"})


@pytest.mark.usefixtures("crowd")
def test_whoever_wants_nothing_personal_is_forgotten_and_sees_what_anybody_would():
    [me] = in_arm(held_out=False)
    buy(me, 10_00, place="store:binjiang")
    refresh_recommendations()
    note_shown(user_id=me.pk)
    note_click(user_id=me.pk, key="coupons")

    choose_nothing_personal(user_id=me.pk)
    refresh_recommendations()
    note_click(user_id=me.pk, key="coupons")

    assert Taste.objects.get(pk=me.pk).places == {}
    assert not Exposure.objects.filter(user=me.pk).exists()
    assert not RecommendationClick.objects.filter(user=me.pk).exists()
    assert cards(me) == (False, {"place:store:renmin": "popular", "place:store:binjiang": "popular"})

    choose_personal(user_id=me.pk)
    refresh_recommendations()
    assert cards(me)[0] is True


@pytest.mark.usefixtures("crowd")
def test_of_whom_has_not_bought_lately_nothing_stays_known():
    [me] = in_arm(held_out=False)
    buy(me, 10_00, at=clock.now() - timedelta(days=89))
    refresh_recommendations()
    assert Taste.objects.get(pk=me.pk).places

    with time_machine.travel(clock.now() + timedelta(days=2)):
        refresh_recommendations()

    assert not Taste.objects.filter(pk=me.pk).exists()


def test_a_place_of_few_people_is_told_to_nobody():
    for user in people(2):
        buy(user, 10_00, place="store:renmin")
    refresh_recommendations()

    assert cards(people(1)[0])[1].keys() & {"place:store:renmin"} == set()


def test_both_arms_are_counted_alike():
    shown, held_out = in_arm(held_out=False, count=3), in_arm(held_out=True, count=2)
    for user in (*shown, *held_out, *shown):
        note_shown(user_id=user.pk)
    note_click(user_id=shown[0].pk, key="coupons")
    note_click(user_id=shown[0].pk, key="points")

    assert clicks_by_arm(since=clock.now() - timedelta(days=1)) == {"A": (3, 1), "holdout": (2, 0)}


def test_whoever_leaves_is_not_known(crowd):
    [me] = in_arm(held_out=False)
    buy(me, 10_00)
    refresh_recommendations()
    note_click(user_id=me.pk, key="coupons")

    in_transaction(forget_taste, user_id=me.pk)

    assert not Taste.objects.filter(pk=me.pk).exists()
    assert not RecommendationClick.objects.filter(user=me.pk).exists()


@pytest.mark.usefixtures("crowd")
def test_what_to_show_is_few_questions(django_assert_max_num_queries):
    [me] = in_arm(held_out=False)
    buy(me, 10_00)
    refresh_recommendations()
    with django_assert_max_num_queries(11):
        recommendations_for(me.pk, at=clock.now())
