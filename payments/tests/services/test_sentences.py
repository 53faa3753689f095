"""Orders and their payments agree, and the nightly check sees where somebody has made them disagree."""

import pytest
from django.db import connection

from accounts.models import User
from payments.models import Order, Payment
from payments.services.sentences import ORDERS
from payments.tests.factories import paid_order

pytestmark = pytest.mark.django_db


def broken():
    [sentence] = ORDERS
    with connection.cursor() as cursor:
        cursor.execute(sentence.broken)
        return [number for (number,) in cursor.fetchall()]


def test_an_order_that_was_paid_once_is_sound():
    paid_order(User.objects.create())

    assert broken() == []


def test_a_paid_order_whose_payment_is_none_is_seen():
    order = paid_order(User.objects.create())
    Payment.objects.filter(order=order).update(state="CLOSED")

    assert broken() == [order.number]


@pytest.mark.parametrize("state", ["REQUESTED", "WAITING"])
def test_an_open_order_that_is_being_paid_is_seen(state):
    order = paid_order(User.objects.create())
    Payment.objects.filter(order=order).update(state=state)
    Order.objects.filter(pk=order.pk).update(state="OPEN")

    assert broken() == [order.number]
