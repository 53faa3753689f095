"""Asking for money, as the mini-program sees it."""

import uuid

import pytest
from rest_framework.test import APIClient

from wallet.models import MoneyRequest
from wallet.services.money_requests import request_money
from wallet.tests.dealings import proof_for, quote_for, somebody, token_for
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db
REQUESTS = "/api/v1/wallet/requests"


@pytest.fixture
def asker():
    return somebody(nickname="小娜")


@pytest.fixture
def asked():
    return somebody(10_000, nickname="小明")


def app_of(person):
    return APIClient(headers=person.login.as_header())


def post(app, path, wish=None, *, key=None, grant=""):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex, **({"Step-Up-Grant": grant} if grant else {})}
    return app.post(path, wish or {}, format="json", headers=headers)


def pay(person, opened):
    """Quoted and proven, with the token that came with the request."""
    token, amount = opened["payee_token"], opened["amount"]
    quote = quote_for(person, token, amount)
    wish = {"payee_token": token, "amount": amount, "quote_id": quote}
    return post(
        app_of(person),
        "/api/v1/wallet/transfers",
        wish,
        grant=proof_for(person, token, amount, quote),
    )


def test_somebody_is_asked_looks_and_pays(asker, asked):
    wish = {"payee_token": token_for(asker, asked), "amount": 3_000, "remark": "昨天的午饭"}
    made = post(app_of(asker), REQUESTS, wish)
    assert made.status_code == 201
    told = made.json()
    assert (told["side"], told["state"], told["other"]["nickname"]) == ("mine", "OPEN", "小明")
    assert (told["payee_token"], told["link"]) == (None, None)

    [listed] = app_of(asked).get(REQUESTS, {"side": "for_me"}).json()["items"]
    opened = app_of(asked).get(f"{REQUESTS}/{listed['number']}").json()
    assert "payee_token" not in listed
    assert (opened["side"], opened["other"]["nickname"], opened["remark"]) == ("for_me", "小娜", "昨天的午饭")
    paid = pay(asked, opened)

    assert paid.status_code == 201
    assert paid.json()["request_number"] == told["number"]
    after = app_of(asker).get(f"{REQUESTS}/{told['number']}").json()
    assert (after["state"], after["state_name"]) == ("PAID", "已付款")
    again = pay(asked, opened)
    assert_error(again, status=409, code="REQUEST_OVER")
    assert asker.money == (3_000, 0)


def test_a_link_is_opened_and_paid_by_whoever_has_it(asker, asked):
    made = post(app_of(asker), REQUESTS, {"amount": 3_000}).json()
    assert (made["other"], made["payee_token"]) == (None, None)

    opened = post(app_of(asked), f"{REQUESTS}/open", {"link": made["link"]}).json()
    assert (opened["side"], opened["number"], opened["link"]) == ("for_me", made["number"], None)
    assert pay(asked, opened).status_code == 201

    late = post(app_of(somebody()), f"{REQUESTS}/open", {"link": made["link"]})
    assert assert_error(late, status=409, code="REQUEST_OVER") == {"state": "PAID"}
    assert app_of(asker).get(f"{REQUESTS}/{made['number']}").json()["other"]["nickname"] == "小明"


def test_a_link_that_is_none_opens_nothing(asked):
    answer = post(app_of(asked), f"{REQUESTS}/open", {"link": "AQABx7"})

    assert_error(answer, status=409, code="LINK_REFUSED")


def test_the_same_key_asks_once(asker):
    answers = [post(app_of(asker), REQUESTS, {"amount": 100}, key="one-intention") for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert MoneyRequest.objects.filter(requester=asker.id).count() == 1


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"amount": 0},
        {"amount": "100"},
        {"amount": 1.0},
        {"amount": True},
        {"amount": 10**9},
        {"amount": 100, "payer": 1},
        {"amount": 100, "state": "PAID"},
        {"amount": 100, "remark": "\u202e"},
        {"amount": 100, "remark": "字" * 51},
        {"amount": 100, "payee_token": None},
    ],
)
def test_a_request_is_for_whole_fen_and_knows_its_fields(asker, wish):
    assert_error(post(app_of(asker), REQUESTS, wish), status=400, code="INVALID_INPUT")


def test_lists_have_a_side_a_state_and_a_budget(asker, asked, django_assert_num_queries):
    for amount in (100, 200, 300):
        request_money(requester_id=asker.id, payee_token=token_for(asker, asked), amount=amount)
    app = app_of(asker)
    app.get(REQUESTS)  # the session is remembered from here on

    # one page, with both sides' names
    with django_assert_num_queries(1):
        page = app.get(REQUESTS, {"limit": 2}).json()

    assert [one["amount"] for one in page["items"]] == [300, 200]
    assert page["has_more"]
    assert app.get(REQUESTS, {"state": "PAID"}).json()["items"] == []
    assert app.get(REQUESTS, {"side": "for_me"}).json()["items"] == []
    assert_error(app.get(REQUESTS, {"side": "all"}), status=400, code="INVALID_INPUT")


def test_a_strangers_request_looks_like_none(asker, asked):
    number = request_money(requester_id=asker.id, payee_token=token_for(asker, asked), amount=100).number
    stranger = app_of(somebody())

    for path in ("", "/decline", "/cancel", "/remind"):
        ask = stranger.get if not path else lambda address: post(stranger, address)
        theirs, none = (ask(f"{REQUESTS}/{one}{path}") for one in (number, "Q0" + number[2:]))
        assert theirs.status_code == none.status_code == 404
        assert theirs.json() | {"request_id": ""} == none.json() | {"request_id": ""}


def test_whoever_nags_is_blocked_and_may_be_forgiven(asker, asked):
    made = post(app_of(asker), REQUESTS, {"payee_token": token_for(asker, asked), "amount": 100}).json()
    app = app_of(asked)

    blocked = app.post("/api/v1/wallet/blocked-people", {"request_number": made["number"]}, format="json")
    assert blocked.status_code == 201
    assert (blocked.json()["nickname"], blocked.json()["name_masked"]) == ("小娜", "欧*")
    assert app_of(asker).get(f"{REQUESTS}/{made['number']}").json()["state"] == "DECLINED"
    refused = post(app_of(asker), REQUESTS, {"payee_token": token_for(asker, asked), "amount": 100})
    assert_error(refused, status=409, code="REQUESTS_REFUSED")
    [listed] = app.get("/api/v1/wallet/blocked-people").json()["items"]
    assert listed == blocked.json()

    stranger = app_of(somebody()).delete(f"/api/v1/wallet/blocked-people/{listed['id']}")
    assert_error(stranger, status=404, code="NOT_FOUND")
    assert app.delete(f"/api/v1/wallet/blocked-people/{listed['id']}").status_code == 204
    assert app.get("/api/v1/wallet/blocked-people").json()["items"] == []
