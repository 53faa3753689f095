"""Points: given, active, spent first what ends first, returned, taken back, expired."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from coupons.errors import PointsShort
from coupons.models import PointsAccount, PointsEntry, PointsLot
from coupons.selectors.points import points_of
from coupons.services.leaving import give_up_promises
from coupons.services.points import take_back_points
from coupons.services.points_expiry import activate_points, announce_expiring_points, expire_points
from coupons.services.points_spending import use_points
from coupons.tests.points import broken, free, give, give_back, person, points, reserve, spend
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import pause_flow

pytestmark = pytest.mark.django_db


def later(**time):
    return time_machine.travel(clock.now() + timedelta(**time), tick=True)


def left(user):
    return list(PointsLot.objects.filter(account=user.pk).order_by("pk").values_list("left", flat=True))


def take_back(source, numerator, denominator):
    with transaction.atomic():
        take_back_points(source=source, numerator=numerator, denominator=denominator, title="退款")


def test_a_source_gives_points_once():
    user = person()
    for _again in range(2):
        give(user, active=100, source="once")

    assert points(user) == (0, 100, 0, 0)
    assert PointsEntry.objects.filter(account=user.pk).count() == 1
    assert broken() == {}


def test_points_of_a_purchase_can_be_used_after_its_refund_window():
    user = person(pending=100)
    activate_points()
    assert points(user) == (100, 0, 0, 0)
    with pytest.raises(PointsShort):
        spend(user, 1)

    with later(days=7, seconds=1):
        activate_points()
        assert activate_points() == 0

    assert points(user) == (0, 100, 0, 0)
    assert broken() == {}


def test_what_ends_first_is_spent_first():
    user = person(active=100)
    PointsLot.objects.filter(account=user.pk).update(expires_at=clock.now() + timedelta(days=90))
    give(user, active=50)
    PointsLot.objects.filter(account=user.pk, amount=50).update(expires_at=clock.now() + timedelta(days=1))

    spend(user, 60)

    assert left(user) == [90, 0]


def test_a_reservation_is_made_once_and_freed_once():
    user = person(active=100)
    for _again in range(2):
        reserve(user, 60, reference="O1")
    assert points(user) == (0, 40, 60, 0)
    with pytest.raises(PointsShort) as short:
        reserve(user, 41, reference="O2")
    assert short.value.detail == {"needed": 41, "available": 40}

    for _again in range(2):
        free("O1")
    assert points(user) == (0, 100, 0, 0)

    reserve(user, 100, reference="O1")
    with transaction.atomic():
        use_points(reference="O1")
        use_points(reference="O1")
    assert points(user) == (0, 0, 0, 0)
    free("O1")
    assert points(user) == (0, 0, 0, 0)


def test_returned_points_go_into_their_lots_or_live_thirty_days_more():
    user = person(active=100)
    give(user, active=50)
    PointsLot.objects.filter(account=user.pk, amount=50).update(expires_at=clock.now() + timedelta(days=1))
    order = spend(user, 120)

    with later(days=2):
        give_back(user, 40, reference=order, source="B1")
        give_back(user, 40, reference=order, source="B1-")
        with pytest.raises(PointsShort):
            give_back(user, 41, reference=order)
        give_back(user, 40, reference=order)

        assert left(user) == [100, 0, 10, 40]
        last = PointsLot.objects.filter(account=user.pk).latest("pk")
        assert last.expires_at - clock.now() > timedelta(days=29)
    assert points(user) == (0, 150, 0, 0)
    assert broken() == {}


def test_points_that_were_spent_before_their_purchase_went_back_are_a_debt_that_later_ones_pay():
    user = person(active=100, source="rule")
    give(user, active=30)
    spend(user, 110)

    take_back("rule", 1, 1)
    take_back("rule", 1, 1)

    assert points(user) == (0, 0, 0, 80)  # the twenty that were left have paid
    give(user, pending=50)
    assert points(user) == (50, 0, 0, 80)
    with later(days=8):
        activate_points()
        assert points(user) == (0, 0, 0, 30)
        give(user, active=100)
    assert points(user) == (0, 70, 0, 0)
    assert broken() == {}


def test_parts_of_a_refund_take_back_exactly_all():
    user = person(pending=101)
    source = PointsLot.objects.get(account=user.pk).source

    for part, rest in ((1, 68), (2, 34), (2, 34), (3, 0)):
        take_back(source, part, 3)
        assert points(user) == (rest, 0, 0, 0)
    assert broken() == {}


def test_what_expired_unused_is_not_owed():
    user = person(active=100, source="rule")
    spend(user, 40)
    with later(days=400):
        expire_points()
        take_back("rule", 1, 1)

    assert points(user) == (0, 0, 0, 40)
    assert broken() == {}


def test_whoever_frees_points_while_in_debt_pays_with_them():
    user = person(active=100, source="rule")
    reserve(user, 100, reference="O1")
    take_back("rule", 1, 2)
    assert points(user) == (0, 0, 100, 50)

    free("O1")

    assert points(user) == (0, 50, 0, 0)
    assert broken() == {}


def test_points_end_at_midnight_after_notice():
    with time_machine.travel(clock.now(), tick=True):
        user = person(active=100)
        ends = PointsLot.objects.get(account=user.pk).expires_at
        assert ends == clock.start_of_day(ends)
    with time_machine.travel(ends - timedelta(days=31), tick=True):
        announce_expiring_points()
        assert points_of(user.pk, at=clock.now()).expiring == []
    with time_machine.travel(ends - timedelta(days=29), tick=True):
        announce_expiring_points()
        assert announce_expiring_points() == 0
        (soon,) = points_of(user.pk, at=clock.now()).expiring
        assert (soon.points, soon.expires_at) == (100, ends)
        told = StoredEvent.objects.get(name="coupons.points.expiring", aggregate=f"user:{user.pk}")
        assert told.payload == {"user_id": user.pk, "points": 100, "first_at": clock.iso(ends)}
    with time_machine.travel(ends - timedelta(milliseconds=1), tick=False):
        expire_points()
        assert points(user) == (0, 100, 0, 0)
    with time_machine.travel(ends, tick=False):
        with pytest.raises(PointsShort):
            spend(user, 1)
        expire_points()
        assert expire_points() == 0

    assert points(user) == (0, 0, 0, 0)
    assert broken() == {}


def test_while_nothing_may_be_used_nothing_is_reserved_and_nothing_expires():
    user = person(active=100)
    with later(days=400):
        pause_flow(flow=Flow.COUPONS, reason="演练")
        assert expire_points() == 0
        with pytest.raises(Paused):
            spend(user, 1)

    assert points(user) == (0, 100, 0, 0)


def test_whoever_leaves_gives_up_what_is_left():
    user = person(active=100, pending=50)
    for _again in range(2):
        with transaction.atomic():
            give_up_promises(user_id=user.pk, gives_up=0)

    assert points(user) == (0, 0, 0, 0)
    assert broken() == {}


@pytest.mark.parametrize(
    ("change", "refused_by"),
    [
        ({"active": -1}, "points_are_never_negative"),
        ({"reserved": -1}, "points_are_never_negative"),
        ({"debt": 5}, "who_owes_points_has_none"),
        ({"make_up_cards": -1}, "a_make_up_card_is_used_once"),
    ],
)
def test_the_database_refuses_an_account_that_cannot_be(change, refused_by):
    user = person(active=100)

    with pytest.raises(IntegrityError, match=refused_by), transaction.atomic():
        PointsAccount.objects.filter(pk=user.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "refused_by"),
    [
        ({"left": -1}, "every_point_of_a_lot_is_somewhere"),
        ({"left": 99}, "every_point_of_a_lot_is_somewhere"),
        ({"owed": 101}, "no_more_of_a_lot_is_taken_back"),
    ],
)
def test_the_database_refuses_a_lot_that_cannot_be(change, refused_by):
    user = person(active=100)

    with pytest.raises(IntegrityError, match=refused_by), transaction.atomic():
        PointsLot.objects.filter(account=user.pk).update(**change)


def test_the_nightly_sentences_see_what_was_tampered_with():
    user = person(active=100)
    PointsAccount.objects.filter(pk=user.pk).update(active=99)

    assert set(broken()) == {"points_are_of_lots", "points_are_of_history", "points_liability_is_of_accounts"}


def test_a_lot_that_cannot_end_keeps_no_other_waiting():
    wrong, right = person(), person(active=5)
    give(wrong, active=1)
    PointsAccount.objects.filter(pk=wrong.pk).update(active=0)  # as if something had gone wrong
    PointsLot.objects.filter(account=wrong.pk).update(expires_at=clock.now())

    with time_machine.travel(clock.now() + timedelta(days=800)):
        expire_points()

    assert points(right) == (0, 0, 0, 0)
