"""The legs of every move."""

import pytest

from wallet.rules.postings import (
    Leg,
    forfeiture_legs,
    order_payment_legs,
    payout_legs,
    payout_settled_legs,
    settlement_legs,
    suspense_in_legs,
    suspense_refund_legs,
    top_up_legs,
    top_up_refund_legs,
)
from wallet.rules.top_up_refunds import RefundCause, RefundPlan


@pytest.mark.parametrize(
    "legs",
    [
        top_up_legs(wallet_id=7, amount=100),
        order_payment_legs(balance=0, channel=100),
        suspense_in_legs(amount=100),
        suspense_refund_legs(amount=100),
        payout_legs(wallet_id=7, amount=100),
        payout_settled_legs(amount=100),
        settlement_legs(fees=6, settled=-10),
        top_up_refund_legs(
            wallet_id=7,
            plan=RefundPlan(cause=RefundCause.CUSTOMER, paid_back=60, own_taken=80, gift_taken=15),
        ),
        forfeiture_legs(wallet_id=7, amounts={"principal": 30, "bonus": 0, "cashback": 5}),
    ],
)
def test_legs_sum_to_zero(legs):
    assert sum(leg.amount for leg in legs) == 0


def test_an_order_leaves_to_the_hold_what_the_balance_pays():
    mixed = order_payment_legs(balance=3_500, channel=6_499)

    assert mixed == [Leg("wechat_clearing", -6_499), Leg("merchant_sales", 9_999)]
    assert sum(leg.amount for leg in mixed) == 3_500


def test_an_order_paid_by_balance_alone_does_not_touch_wechat():
    assert order_payment_legs(balance=3_500, channel=0) == [Leg("merchant_sales", 3_500)]


def test_what_came_into_suspense_leaves_it_the_same_way():
    came = {leg.code: leg.amount for leg in suspense_in_legs(amount=100)}
    went = {leg.code: leg.amount for leg in suspense_refund_legs(amount=100)}

    assert came == {"wechat_clearing": -100, "suspense": 100}
    assert went == {"suspense": -100, "wechat_clearing": 100}
