"""After paying, the page shows what was earned and what is next."""

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from coupons.services.purchases import note_return
from coupons.tests.points import rule
from payments.tests.factories import paid_order
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db


def test_it_shows_what_an_order_earned_and_what_of_it_is_left(outbox):
    login = logged_in()
    api = APIClient(headers=login.as_header())
    rule(rate=100)
    order = paid_order(login.user, amount=58_00)
    path = f"/api/v1/orders/{order.number}/result"

    before = api.get(path).json()["earned"]
    outbox.deliver()
    after = api.get(path).json()
    with transaction.atomic():
        note_return(reference=order.number, number="B1", amount=18_00, own=18_00, at=clock.now())
    outbox.deliver()
    left = api.get(path).json()["earned"]

    assert (before["is_told"], before["points"]) == (False, 0)
    assert after["state"] == "PAID"
    assert (after["earned"]["is_told"], after["earned"]["points"], after["earned"]["growth"]) == (
        True,
        58,
        58,
    )
    assert [card["key"] for card in after["recommendations"]][:1] == ["tier"] or not after["is_personal"]
    assert (left["points"], left["growth"]) == (40, 40)


def test_somebody_elses_is_not_there():
    order = paid_order(logged_in().user)

    answer = APIClient(headers=logged_in().as_header()).get(f"/api/v1/orders/{order.number}/result")

    assert_error(answer, 404, "NOT_FOUND")
