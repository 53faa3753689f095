"""Points from the purchase that earns them, through the order that they pay, and back with both."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches

from coupons.models import PointsEntry
from coupons.services.points_expiry import activate_points
from coupons.tests.points import points, rule
from payments.rules.order_refunds import RefundReason
from payments.services.order_refunds import ask_for_refund
from payments.tests.discounts import order_of, pay, payer, wish
from wallet.services.integrity import check_ledger
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def send_back(order):
    ask_for_refund(
        payer_id=order.payer_id,
        order_no=order.number,
        amount=order.amount,
        reason=RefundReason.OTHER,
        note="",
    )


def test_points_are_earned_spent_owed_and_given_back(outbox):
    caches["process"].clear()
    rule(rate=100)
    who = payer(points=100, principal=50_00)
    user = who.person.user
    first = order_of(who, 20_00)

    pay(who, first, wish())
    outbox.deliver()
    assert points(user) == (20, 100, 0, 0)

    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        activate_points()
        second = order_of(who, 10_00)
        pay(who, second, wish(points=120))
        outbox.deliver()
        assert points(user) == (8, 0, 0, 0)  # 8.80 of their own money

        send_back(first)
        outbox.deliver()
        assert points(user) == (8, 0, 0, 20)  # what it had earned is spent

        send_back(second)
        outbox.deliver()
        assert points(user) == (0, 100, 0, 0)

    lines = PointsEntry.objects.filter(account=user.pk).order_by("pk")
    assert [(line.kind, line.points, line.owed) for line in lines] == [
        ("EARNED", 100, 0),
        ("EARNED", 20, 0),
        ("SPENT", -120, 0),
        ("EARNED", 8, 0),
        ("TAKEN_BACK", 0, 20),
        ("RETURNED", 120, 0),
        ("DEBT_PAID", -20, 0),
        ("TAKEN_BACK", -8, 0),
    ]
    assert check_ledger().findings == []
