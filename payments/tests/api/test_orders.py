"""The doors of orders: what they take, what they refuse, what a list costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User, WeChatIdentity
from accounts.tests.factories import LoggedIn, logged_in
from payments.models import Order, OrderLine, ShopSystem, Store
from wallet_project.kit import clock
from wallet_project.kit.serials import new_serial
from wallet_project.kit.testing.assertions import assert_error


@pytest.fixture
def login(db) -> LoggedIn:
    return logged_in(nickname="林小满")


@pytest.fixture
def payer(login) -> User:
    WeChatIdentity.objects.create(user=login.user, appid="wx1", openid="o-1")
    return login.user


@pytest.fixture
def phone(login, payer) -> APIClient:
    return APIClient(headers=login.as_header())


@pytest.fixture
def store(db) -> Store:
    return Store.objects.create(code="renmin", name="人民路店")


def some_orders(payer: User, count: int) -> None:
    shop = ShopSystem.objects.create(key_id="k1", name="网上商城", secret_sealed=b"x")
    for number in range(count):
        order = Order.objects.create(
            number=new_serial("O"),
            origin="SHOP",
            payer=payer,
            shop=shop,
            shop_order_no=str(number),
            title="网上商城订单",
            amount=100,
            placed_at=clock.now(),
            expires_at=clock.now(),
        )
        OrderLine.objects.create(order=order, name="马克杯", unit_price=50, quantity=2)


def place(phone: APIClient, **body):
    return phone.post("/api/v1/orders", body, format="json", headers={"Idempotency-Key": "k" * 16})


def test_an_order_is_placed_at_an_open_store(phone, store):
    placed = place(phone, store="renmin", amount=5_800, remark="两杯拿铁")

    assert placed.status_code == 201
    body = placed.json()
    assert (body["title"], body["amount"], body["state"], body["state_name"]) == (
        "人民路店",
        5_800,
        "OPEN",
        "待支付",
    )


@pytest.mark.parametrize(
    "body",
    [
        {"store": "renmin", "amount": 0},
        {"store": "renmin", "amount": -1},
        {"store": "renmin", "amount": 1.0},
        {"store": "renmin", "amount": "100"},
        {"store": "renmin", "amount": True},
        {"store": "renmin", "amount": 5_000_001},
        {"store": "renmin"},
        {"store": "renmin", "amount": 100, "state": "PAID"},
        {"store": "renmin", "amount": 100, "payer_id": 1},
        {"store": "renmin", "amount": 100, "remark": "客服\u202e"},
        {"store": "../etc", "amount": 100},
        [],
    ],
)
def test_a_body_that_is_not_as_described_places_nothing(phone, store, body):
    answer = phone.post("/api/v1/orders", body, format="json", headers={"Idempotency-Key": "k" * 16})

    assert_error(answer, 400, "INVALID_INPUT")
    assert not Order.objects.exists()


def test_a_closed_store_takes_no_orders(phone, store):
    Store.objects.update(is_open=False)

    assert_error(place(phone, store="renmin", amount=100), 409, "STORE_NOT_OPEN")
    assert not Order.objects.exists()


def test_money_needs_a_key(phone, store):
    answer = phone.post("/api/v1/orders", {"store": "renmin", "amount": 100}, format="json")

    assert_error(answer, 400, "IDEMPOTENCY_KEY_MISSING")
    assert not Order.objects.exists()


def test_a_page_of_orders_costs_the_same_whatever_is_on_it(phone, payer):
    some_orders(payer, 25)

    # 1 session, 1 orders with their stores, 1 lines
    with CaptureQueriesContext(
        connection,
    ) as spent:
        first = phone.get("/api/v1/orders").json()

    assert len(spent) == 3
    assert len(first["items"]) == 20
    second = phone.get("/api/v1/orders", {"cursor": first["next_cursor"]}).json()
    assert (len(second["items"]), second["has_more"], second["next_cursor"]) == (5, False, None)
    assert not {order["number"] for order in first["items"]} & {o["number"] for o in second["items"]}


def test_a_list_can_be_narrowed_to_a_state_and_to_nothing_else(phone, payer):
    some_orders(payer, 2)

    assert len(phone.get("/api/v1/orders", {"state": "OPEN"}).json()["items"]) == 2
    assert phone.get("/api/v1/orders", {"state": "PAID"}).json()["items"] == []
    assert_error(phone.get("/api/v1/orders", {"state": "LOST"}), 400, "INVALID_INPUT")
    assert_error(phone.get("/api/v1/orders", {"payer": "2"}), 400, "INVALID_INPUT")
    assert_error(phone.get("/api/v1/orders", {"limit": "1000000000"}), 400, "INVALID_INPUT")


def test_without_a_token_nobody_comes_in(db):
    for method, path in [
        ("get", "orders"),
        ("post", "orders"),
        ("get", "orders/O1"),
        ("post", "orders/O1/pay"),
    ]:
        answer = getattr(APIClient(), method)(f"/api/v1/{path}")

        assert_error(answer, 401, "NOT_AUTHENTICATED")


@pytest.mark.parametrize("number", ["%00", "O%00", "%ED%A0%80", "客服", "O1%0a", "..%2f..%2fetc", "a%20b"])
@pytest.mark.parametrize("path", ["orders/{}", "wallet/top-ups/{}", "merchant/orders/{}"])
def test_what_is_no_number_is_not_found(phone, path, number):
    answer = phone.get("/api/v1/" + path.format(number))

    assert_error(answer, 404, "NOT_FOUND")
