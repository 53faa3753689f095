"""How an order is split over its sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.rules.plans import PaymentPlan, PayMethod, plan_payment

fen = st.integers(min_value=0, max_value=2**53)


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


@given(total=fen, available=fen, method=st.sampled_from(PayMethod))
def test_the_parts_add_up_and_none_is_negative(total, available, method):
    plan = plan_payment(total=total, available=available, method=method)

    assert plan.balance + plan.channel == total
    assert plan.balance >= 0
    assert plan.channel >= 0
