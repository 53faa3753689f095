"""How an order is split over its sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coupons.rules.redemptions import Discount, Discounts
from payments.rules.plans import PaymentPlan, PayMethod, plan_payment

fen = st.integers(min_value=0, max_value=2**53)


def discounts(*, coupon=0, points=0):
    return Discounts(offers=[Discount(template_id=1, off=coupon)], points=points, points_worth=points)


@pytest.mark.parametrize(
    ("method", "available", "plan"),
    [
        (PayMethod.BALANCE, 10_000, PaymentPlan(balance=999, channel=0)),
        (PayMethod.BALANCE, 0, PaymentPlan(balance=999, channel=0)),
        (PayMethod.WECHAT, 10_000, PaymentPlan(balance=0, channel=999)),
        (PayMethod.COMBINED, 300, PaymentPlan(balance=300, channel=699)),
        (PayMethod.COMBINED, 10_000, PaymentPlan(balance=999, channel=0)),
        (PayMethod.COMBINED, 0, PaymentPlan(balance=0, channel=999)),
        (PayMethod.COMBINED, -5, PaymentPlan(balance=0, channel=999)),
    ],
)
def test_balance_goes_first_and_wechat_pays_the_rest(method, available, plan):
    assert plan_payment(total=999, available=available, method=method) == plan


@pytest.mark.parametrize("method", PayMethod)
def test_what_discounts_pay_in_full_takes_no_money(method):
    plan = plan_payment(
        total=999, available=10_000, method=method, discounts=discounts(coupon=600, points=399)
    )

    assert plan == PaymentPlan(coupons=600, points=399, balance=0, channel=0)


@given(total=fen, available=fen, method=st.sampled_from(PayMethod), parts=st.tuples(fen, fen))
def test_the_parts_add_up_and_none_is_negative(total, available, method, parts):
    coupon = min(parts[0], total)
    points = min(parts[1], total - coupon)

    plan = plan_payment(
        total=total,
        available=available,
        method=method,
        discounts=discounts(coupon=coupon, points=points),
    )

    assert plan.coupons + plan.points + plan.balance + plan.channel == total
    assert (plan.coupons, plan.points) == (coupon, points)
    assert plan.balance >= 0
    assert plan.channel >= 0
