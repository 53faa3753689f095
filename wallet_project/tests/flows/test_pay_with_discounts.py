"""A customer looks at the price, pays with everything they have, and gets everything back."""

import uuid

import pytest
from django.core.cache import caches
from django.db import transaction

from coupons.services.coupons import issue_coupon
from coupons.services.points import give_points
from coupons.tests.offers import template
from payments.selectors.prices import price_of
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.tests.flows.refunding import ask, asked, lets_go, put_in, shown, user_of

pytestmark = pytest.mark.committed


@pytest.fixture
def coupon(customer):
    """5.00 off everything; they have 1,000 points, too."""
    user_id = user_of(customer).pk
    with transaction.atomic():
        give_points(user_id=user_id, points=1_000, source=uuid.uuid4().hex, title="赠送")
    made = template(name="立减 5 元", threshold=0)
    return issue_coupon(template_id=made.pk, user_id=user_id, source=uuid.uuid4().hex)


def start(customer, number, method, **wish):
    answer = customer.post(f"orders/{number}/pay", {"method": method, **wish})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_from_the_price_to_the_refund(customer, coupon, place_order, settled):
    put_in(customer, bonus=300)
    number = place_order(customer, 2_000)
    dear = issue_coupon(
        template_id=template(name="满 30 减 8", amount=800, threshold=3_000, group="big").pk,
        user_id=coupon.user_id,
        source=uuid.uuid4().hex,
    )

    price = customer.post(f"orders/{number}/quote", {"points": 300}).json()

    assert (price["amount"], price["due"]) == (2_000, 1_200)
    assert price["coupons"] == [{"coupon": coupon.serial, "name": "立减 5 元", "off": 500, "back": 0}]
    [other] = price["others"]
    assert (other["coupon"], other["reason"], other["missing"]) == (dear.serial, "BELOW_THRESHOLD", 1_000)
    assert price["unlocks"] == {"name": "满 30 减 8", "missing": 1_000, "gain": 800}
    assert price["points"] == {
        "there": 1_000,
        "least": 1,
        "most": 1_000,
        "per_yuan": 100,
        "used": 300,
        "worth": 300,
    }
    combined = next(option for option in price["options"] if option["method"] == "combined")
    assert (combined["from_balance"], combined["from_channel"], combined["is_covered"]) == (300, 900, True)

    started = start(customer, number, "combined", coupons=[coupon.serial], points=300)
    taken = ("from_coupons", "from_points", "from_balance", "from_channel")
    assert [started[part] for part in taken] == [500, 300, 300, 900]
    customer.confirm(started["pay_params"])
    settled()

    order = shown(customer, number)
    assert (order["state"], [order[f"paid_{part}"] for part in taken]) == ("PAID", [500, 300, 300, 900])
    line = customer.get("wallet/records").json()["items"][0]
    assert (line["amount"], line["discount_amount"]) == (1_200, 800)
    lets_go(number, 2_000)
    refund = asked(ask(customer, number, 2_000))
    settled()
    assert [(part["paid_by"], part["amount"]) for part in refund["parts"]] == [
        ("coupon", 500),
        ("points", 300),
        ("bonus", 300),
        ("wechat", 900),
    ]
    assert shown(customer, number)["refunds"][0]["state"] == "SUCCEEDED"
    coupon.refresh_from_db()
    assert coupon.state == "HELD"


def test_another_way_and_a_cancellation_free_what_was_reserved(customer, coupon, sandbox, place_order):
    number = place_order(customer, 2_000)
    first = start(customer, number, "wechat", coupons=[coupon.serial], points=300)

    again = start(customer, number, "wechat", coupons=[coupon.serial], points=300)
    refused = customer.post(f"orders/{number}/pay", {"method": "wechat", "points": 1_001})
    second = start(customer, number, "wechat", coupons=[coupon.serial], points=1_000)

    assert again["payment_no"] == first["payment_no"]
    assert assert_error(refused, 409, "POINTS_NOT_USABLE")["most"] == 1_000
    assert sandbox.payment(first["payment_no"])["state"] == "CLOSED"
    assert second["from_channel"] == 500
    assert customer.post(f"orders/{number}/cancel").json()["state"] == "CLOSED"
    coupon.refresh_from_db()
    assert coupon.state == "HELD"


def test_what_the_request_does_not_know_is_refused(customer, place_order):
    number = place_order(customer, 2_000)

    for wish in ({"coupon": "C1"}, {"points": -1}, {"coupons": ["1", "2", "3", "4"]}, {"coupons": "C1"}):
        for door in ("pay", "quote"):
            assert_error(
                customer.post(f"orders/{number}/{door}", {"method": "wechat", **wish}), 400, "INVALID_INPUT"
            )


def test_a_price_costs_the_same_however_many_coupons_somebody_holds(
    customer, coupon, place_order, django_assert_max_num_queries
):
    number = place_order(customer, 2_000)
    for _ in range(50):
        made = template(threshold=0, amount=100, group="many")
        issue_coupon(template_id=made.pk, user_id=coupon.user_id, source=uuid.uuid4().hex)
    caches["process"].clear()

    # 2 order and lines, 4 best and names, 5 coupons, automatic ones, policy, points, 3 balance, rules, tier
    with django_assert_max_num_queries(17):
        price_of(payer_id=coupon.user_id, order_no=number, coupons=None, points=100, at=clock.now())
