"""Two orders want the same coupon, the same points, at the same moment."""

from collections import Counter

import pytest

from coupons.errors import CouponNotUsable, PointsShort
from coupons.models import Redemption
from payments.models import Order
from payments.tests.discounts import order_of, payer, waiting, wish

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


@pytest.mark.parametrize(("of", "error"), [("coupon", CouponNotUsable), ("points", PointsShort)])
def test_one_of_six_orders_has_it_and_the_others_reserve_nothing(in_parallel, of, error):
    who = payer(points=300, amount=10_00)
    wanted, amount = {"coupon": (wish(who.coupon), 10_00), "points": (wish(points=300), 6_00)}[of]
    orders = [order_of(who, amount) for _ in range(6)]

    answers = in_parallel([lambda order=order: waiting(who, order, wanted) for order in orders])

    assert Counter(type(answer).__name__ for answer in answers) == {"Payment": 1, error.__name__: 5}
    assert Redemption.objects.filter(user=who.id).count() == 1
    assert Order.objects.filter(payer=who.id, state="PAYING").count() == 1
