"""The merchant's shop system creates orders over signed requests; a customer pays them."""

import time
import uuid

import pytest
import requests

from payments.models import Order, Payment
from payments.services.closing import close_payment
from wallet.models import Record
from wallet_project.kit.testing.assertions import assert_error

ITEMS = [
    {"name": "挂耳咖啡 10 片", "sku": "DRIP-10", "unit_price": 3_900, "quantity": 1},
    {"name": "马克杯", "sku": "MUG-1", "unit_price": 2_500, "quantity": 2},
]


def wish(**changed) -> dict:
    return {"shop_order_no": uuid.uuid4().hex, "title": "网上商城订单", "items": ITEMS, **changed}


def test_a_customer_pays_what_the_shop_asked_for(customer, shop, top_up, pay):
    top_up(customer, 10_000)
    created = shop.call("POST", "orders", wish(payer_openid=customer.openid)).json()
    assert created["amount"] == 8_900

    paid = pay(customer, created["number"], "balance")

    assert [line["name"] for line in paid["order"]["lines"]] == ["挂耳咖啡 10 片", "马克杯"]
    assert shop.call("GET", f"orders/{created['shop_order_no']}").json()["state"] == "PAID"
    assert shop.call("GET", f"orders/{created['number']}").json()["paid_from_balance"] == 8_900
    newest = Record.objects.filter(reference=created["number"]).get()
    assert (newest.counterparty, newest.counterparty_name) == (f"shop:{shop.key_id}", "网上商城")


def test_an_order_for_one_customer_is_hidden_from_others(new_customer, shop):
    mine, stranger = new_customer(), new_customer()
    created = shop.create_order(amount=100, payer_openid=mine.openid)

    assert mine.get(f"orders/{created['number']}").status_code == 200
    assert_error(stranger.get(f"orders/{created['number']}"), 404, "NOT_FOUND")


def test_the_shops_number_is_the_key_of_its_order(shop):
    asked = wish()

    first, second = shop.call("POST", "orders", asked), shop.call("POST", "orders", asked)
    other = shop.call("POST", "orders", {**asked, "title": "别的订单"})

    assert first.json()["number"] == second.json()["number"]
    assert_error(other, 409, "SHOP_ORDER_CONFLICT")
    assert Order.objects.filter(shop_order_no=asked["shop_order_no"]).count() == 1


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"signature": "0" * 64}, 401, "INVALID_SHOP_SIGNATURE"),
        ({"signature": "é" * 64}, 401, "INVALID_SHOP_SIGNATURE"),
        ({"timestamp": "1"}, 401, "INVALID_SHOP_SIGNATURE"),
        ({"timestamp": "-1"}, 401, "INVALID_SHOP_SIGNATURE"),
        ({"timestamp": "9" * 20}, 401, "INVALID_SHOP_SIGNATURE"),
        ({"nonce": "short"}, 401, "INVALID_SHOP_SIGNATURE"),
        ({"body": '{"shop_order_no": "changed-on-the-way"}'}, 401, "INVALID_SHOP_SIGNATURE"),
    ],
)
def test_a_request_that_is_not_signed_by_the_shop_just_now_is_refused(shop, changed, status, code):
    before = Order.objects.count()

    assert_error(shop.call("POST", "orders", wish(), **changed), status, code)

    assert Order.objects.count() == before


def test_a_signed_request_is_good_once(shop):
    nonce, timestamp = uuid.uuid4().hex, str(int(time.time()))
    asked = wish()
    assert shop.call("POST", "orders", asked, nonce=nonce, timestamp=timestamp).status_code == 201

    again = shop.call("POST", "orders", asked, nonce=nonce, timestamp=timestamp)

    assert_error(again, 409, "REPLAYED_SHOP_REQUEST")


def test_a_stranger_without_a_key_is_not_let_in(shop, customer):
    bare = requests.post(f"{shop.base_url}/api/v1/merchant/orders", json=wish(), timeout=5)

    assert_error(bare, 401, "NOT_AUTHENTICATED")
    assert customer.post("merchant/orders", wish()).status_code == 401


def test_a_shop_withdraws_an_order_and_sees_only_its_own(shop, web_server, customer):
    created = shop.create_order(amount=100)

    closed = shop.call("POST", f"orders/{created['number']}/close", {})

    assert closed.json()["state"] == "CLOSED"
    assert_error(
        customer.post(f"orders/{created['number']}/pay", {"method": "wechat"}), 409, "ORDER_NOT_PAYABLE"
    )
    assert_error(shop.call("GET", "orders/nobody-knows"), 404, "NOT_FOUND")


def test_an_order_without_a_payer_belongs_to_whoever_is_paying_it(new_customer, shop, pay):
    first, second = new_customer(), new_customer()
    number = shop.create_order(amount=100)["number"]

    assert_error(second.post(f"orders/{number}/cancel"), 409, "ORDER_NOT_CANCELLABLE")
    pay(first, number, "wechat")
    assert_error(second.get(f"orders/{number}"), 404, "NOT_FOUND")
    close_payment(number=Payment.objects.get(order__number=number).number, reason="超时未支付")

    assert second.get(f"orders/{number}").json()["state"] == "OPEN"
    assert pay(second, number, "wechat")["order"]["state"] == "PAYING"
    assert_error(first.get(f"orders/{number}"), 404, "NOT_FOUND")
