"""Which way a customer's own money can leave."""

import pytest

from accounts.tests.factories import logged_in
from payments.models import Refund
from payments.rules.exits import plan_route
from payments.rules.order_refunds import REFUNDS_PER_ORDER
from payments.selectors.exits import exits_of
from payments.tests.factories import topped_up
from wallet.rules.withdrawals import WithdrawalWay
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("times", "refund"), [(REFUNDS_PER_ORDER - 1, 1_000), (REFUNDS_PER_ORDER, 0)])
def test_what_wechat_refunded_as_often_as_it_does_is_transferred(times, refund):
    user, now = logged_in().user, clock.now()
    payment = topped_up(user, 100_00, at=now)
    Refund.objects.bulk_create(
        Refund(
            number=new_serial("F", now),
            payment=payment,
            transaction_id="4200",
            amount=1,
            total=100_00,
            reason="余额退回",
            state="SUCCESS",
        )
        for _ in range(times)
    )

    route = plan_route(Fen(1_000), exits_of(user.pk, at=now, most=Fen(50_000)), WithdrawalWay.SOURCE)

    assert route is not None
    assert (route.refund, route.transfer) == (refund, 1_000 - refund)
