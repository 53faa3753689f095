"""Points are exchanged for credit, cards and things to pick up."""

from datetime import timedelta

import pytest

from coupons.errors import (
    CouponTakenOften,
    GoodNotOffered,
    GoodSoldOut,
    GoodTakenOften,
    PickUpCodeUnknown,
    PointsShort,
)
from coupons.models import Coupon, Good, MallOrder, PointsAccount
from coupons.rules.mall import GoodKind
from coupons.selectors.mall import offers_for
from coupons.services.mall import cancel_order, exchange, pick_up
from coupons.services.points import take_back_points
from coupons.tests.offers import template
from coupons.tests.points import broken, good, in_transaction, person, points
from wallet.selectors.balances import balance_of
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.errors import StateConflict

pytestmark = pytest.mark.django_db


def take(user, chosen):
    return exchange(user_id=user.pk, good_id=chosen.pk)


def taken(chosen):
    return Good.objects.values_list("taken", flat=True).get(pk=chosen.pk)


def test_credit_is_bonus_and_what_is_less_than_the_points_costs_nothing():
    user = person(active=150)

    order = take(user, good(GoodKind.CREDIT, credit=80, credit_days=30))

    assert (order.state, points(user), balance_of(user.pk).bonus) == ("DONE", (0, 50, 0, 0), 80)
    assert broken() == {}


def test_a_coupon_is_issued_and_where_there_is_none_the_points_stay():
    user, offer = person(active=200), template(per_person=1)
    chosen = good(GoodKind.COUPON, template=offer)

    order = take(user, chosen)
    with pytest.raises(CouponTakenOften):
        take(user, chosen)

    assert Coupon.objects.get(user=user).source == f"mall:{order.number}"
    assert (points(user), taken(chosen)) == ((0, 100, 0, 0), 1)
    assert broken() == {}


def test_a_card_to_make_up_for_a_day():
    user = person(active=100)

    take(user, good(GoodKind.MAKE_UP_CARD))

    assert PointsAccount.objects.get(pk=user.pk).make_up_cards == 1
    assert broken() == {}


def test_something_to_pick_up_is_handed_over_once():
    user, chosen = person(active=100), good()
    order = take(user, chosen)
    assert (order.state, points(user), taken(chosen)) == ("WAITING", (0, 0, 0, 0), 1)
    assert len(order.pick_up_code) == 10

    assert pick_up(code=order.pick_up_code).pk == order.pk

    with pytest.raises(PickUpCodeUnknown):
        pick_up(code=order.pick_up_code)
    with pytest.raises(StateConflict):
        cancel_order(order_id=order.pk, reason="缺货")
    assert MallOrder.objects.get(user=user).state == "PICKED_UP"
    assert broken() == {}


def test_what_is_cancelled_returns_points_and_stock_and_does_not_count():
    user, chosen = person(active=100), good(per_person=1, stock=1)
    order = take(user, chosen)

    cancel_order(order_id=order.pk, reason="缺货")

    assert (points(user), taken(chosen)) == ((0, 100, 0, 0), 0)
    assert take(user, chosen).state == "WAITING"
    assert broken() == {}


def test_what_is_cancelled_pays_what_its_owner_owes():
    user = person(active=100, source="earned")
    order = take(user, good())
    in_transaction(take_back_points, source="earned", numerator=1, denominator=1, title="退款")
    assert points(user) == (0, 0, 0, 100)

    cancel_order(order_id=order.pk, reason="缺货")

    assert points(user) == (0, 0, 0, 0)
    assert broken() == {}


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"state": AgreedState.DRAFT}, GoodNotOffered),
        ({"ends_at": clock.now() - timedelta(days=1)}, GoodNotOffered),
        ({"points": 201}, PointsShort),
        ({"stock": 0}, GoodSoldOut),
    ],
)
def test_on_a_refusal_nothing_moves(columns, error):
    user, chosen = person(active=200), good(**columns)

    with pytest.raises(error):
        take(user, chosen)

    assert (points(user), taken(chosen)) == ((0, 200, 0, 0), 0)
    assert not MallOrder.objects.filter(user=user).exists()


def test_nobody_takes_more_than_they_may(django_assert_num_queries):
    user, chosen = person(active=300), good(per_person=2)
    take(user, chosen)
    with django_assert_num_queries(2):
        (offer,) = offers_for(user.pk, at=clock.now())
    assert (offer.left, offer.times_left) == (9, 1)
    take(user, chosen)

    with pytest.raises(GoodTakenOften):
        take(user, chosen)
    assert (points(user), taken(chosen)) == ((0, 100, 0, 0), 2)
