"""An order with its refunds costs the same however many there are, and says where each part goes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from payments.rules.order_refunds import RefundReason
from payments.services.order_refunds import refund_for_shop
from payments.tests.factories import paid_order
from wallet_project.kit.money import Fen

pytestmark = pytest.mark.django_db


def test_an_order_shows_all_its_refunds_for_the_price_of_one():
    payer = logged_in()
    order = paid_order(payer.user)
    phone = APIClient(headers=payer.as_header())

    def give_back(number: int) -> None:
        refund_for_shop(
            shop_order=order,
            shop_refund_no=f"SR-{number}",
            amount=Fen(10),
            reason=RefundReason.OUT_OF_STOCK,
            note="",
        )

    give_back(0)
    phone.get(f"/api/v1/orders/{order.number}")
    with CaptureQueriesContext(connection) as one:
        phone.get(f"/api/v1/orders/{order.number}")
    for number in range(1, 6):
        give_back(number)
    with CaptureQueriesContext(connection) as six:
        shown = phone.get(f"/api/v1/orders/{order.number}").json()

    # order with store, lines, refunds, their parts; the session is remembered
    assert len(one) == len(six) <= 5
    assert (shown["refunded"], shown["refundable"], len(shown["refunds"])) == (60, 940, 6)
    newest = shown["refunds"][0]
    assert newest["summary"] == "退回余额 ¥0.10（已到账）"
    assert [step["code"] for step in newest["timeline"]] == [
        "REQUESTED",
        "ACCEPTED",
        "ARRIVED_WALLET",
        "SUCCEEDED",
    ]
    listed = phone.get("/api/v1/orders").json()["items"][0]
    assert (listed["refunded"], "refunds" in listed) == (60, False)
