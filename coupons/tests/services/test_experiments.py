"""Experiments: the database splits people as the rules do, and what they did is measured."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import User
from coupons.models import ExperimentState, Exposure, Purchase, Segment, SegmentMember
from coupons.rules.experiments import Arm
from coupons.selectors.experiments import arm_of, report_of
from coupons.services.experiments import end_experiment, meet, start_experiment
from coupons.services.segments import refresh_segment
from coupons.tests.audiences import experiment, segment
from coupons.tests.points import buy, send_back
from wallet_project.kit import clock
from wallet_project.kit.states import StateConflict

pytestmark = pytest.mark.django_db


def everybody(count):
    return User.objects.bulk_create([User() for _each in range(count)])


def test_a_segment_is_split_by_the_database_as_by_the_rules():
    people, audience = everybody(300), Segment.objects.create(name="所有人")
    SegmentMember.objects.bulk_create(
        [SegmentMember(segment=audience, user=person, since=clock.now()) for person in people]
    )
    spring = experiment(segment=audience)

    start_experiment(experiment_id=spring.pk, reason="春季活动开始")

    met = dict(Exposure.objects.values_list("user_id", "arm"))
    assert met == {person.pk: arm_of(spring, person.pk) for person in people}
    assert set(met.values()) == {"holdout", "A", "B"}


def test_who_joins_the_segment_joins_the_experiment_until_it_ends():
    audience = segment(("PURCHASES", "AT_LEAST", "1", 30))
    spring = experiment(segment=audience)
    start_experiment(experiment_id=spring.pk, reason="春季活动开始")
    early, late = everybody(2)
    buy(early, 1_000)
    refresh_segment(segment_id=audience.pk)
    end_experiment(experiment_id=spring.pk, reason="春季活动结束")
    buy(late, 1_000)

    refresh_segment(segment_id=audience.pk)

    assert list(Exposure.objects.values_list("user_id", flat=True)) == [early.pk]
    with pytest.raises(StateConflict):
        start_experiment(experiment_id=spring.pk, reason="再来一次")


def test_whoever_meets_it_is_noted_once():
    spring, (person,) = experiment(), everybody(1)
    assert meet(spring, person.pk) == arm_of(spring, person.pk)
    assert not Exposure.objects.exists(), "a draft is met by nobody"
    start_experiment(experiment_id=spring.pk, reason="春季活动开始")
    spring.refresh_from_db()

    arms = {meet(spring, person.pk) for _again in range(3)}

    assert arms == {Exposure.objects.get().arm}


def test_what_each_arm_did_within_its_window_is_measured_against_those_held_out():
    began = clock.now() - timedelta(days=20)
    spring = experiment(window_days=14, state=ExperimentState.RUNNING, started_at=began)
    people = everybody(700)
    Exposure.objects.bulk_create(
        [
            Exposure(experiment=spring, user=person, arm=arm_of(spring, person.pk), since=began)
            for person in people
        ]
    )
    buys = {Arm.HOLDOUT: 1, Arm.A: 2, Arm.B: 1}
    in_arm = {arm: [person for person in people if arm_of(spring, person.pk) == arm] for arm in buys}
    inside = [
        Purchase(
            user=person,
            reference=f"O{person.pk}-{number}",
            amount=1_000,
            own=900,
            given=100,
            discount=0,
            paid_at=began + timedelta(days=number % 14),
        )
        for arm, members in in_arm.items()
        for place, person in enumerate(members)  # every other one buys once more, in each arm alike
        for number in range(buys[arm] + place % 2)
    ]
    Purchase.objects.bulk_create(inside)
    buy(people[0], 500_00, at=began + timedelta(days=15))  # after the window
    buy(people[0], 500_00, at=began - timedelta(days=1))  # before it
    with transaction.atomic():
        send_back(buy(people[0], 500_00, at=began + timedelta(days=1)), 500_00)
    (late,) = everybody(1)
    Exposure.objects.create(experiment=spring, user=late, arm=Arm.A, since=clock.now())

    report = report_of(spring, at=clock.now())

    held, a, b = report.arms
    assert report.waiting == 1
    assert not report.is_split_wrong
    assert (held.arm, a.arm, b.arm) == (Arm.HOLDOUT, Arm.A, Arm.B)
    assert held.more_own is None
    assert a.more_purchases.by == pytest.approx(1, abs=0.2)
    assert a.more_purchases.is_sure
    assert a.more_own.by == pytest.approx(900 * a.more_purchases.by)
    assert a.lift_of_own.low < a.lift_of_own.by < a.lift_of_own.high
    assert not b.more_own.is_sure


def test_few_people_are_counted_and_said_to_be_too_few():
    began = clock.now() - timedelta(days=20)
    spring = experiment(state=ExperimentState.RUNNING, started_at=began)
    for person in everybody(20):
        Exposure.objects.create(experiment=spring, user=person, arm=arm_of(spring, person.pk), since=began)

    report = report_of(spring, at=clock.now())

    assert sum(measured.own.people for measured in report.arms) == 20
    assert {measured.more_own for measured in report.arms} == {None}
