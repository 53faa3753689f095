"""Prepay, query and close keep the published rules; the payer may do odd things."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from wallet_project.sandbox.client import Sandbox, SandboxRefused
from wallet_project.sandbox.tests.merchant import new_number

NOTHING = dict.fromkeys(
    (
        "paid",
        "refunded",
        "transferred",
        "balance",
        "payments",
        "refunds",
        "refunding",
        "transfers",
        "transferring",
    ),
    0,
)


def test_an_order_is_placed_paid_and_told(merchant, sandbox):
    order = merchant.order(attach="餐桌 8")

    prepaid = merchant.prepay(order)
    before = merchant.query(order["out_trade_no"])
    prepay_id = prepaid.json()["prepay_id"]
    paid = sandbox.confirm(prepay_id, pay_sign=merchant.pay_sign(prepay_id))
    after = merchant.query(order["out_trade_no"])

    assert prepaid.status_code == 200
    assert (prepay_id[:4], len(prepay_id)) == ("wx20", 36)
    assert before.json()["trade_state"] == "NOTPAY"
    assert "transaction_id" not in before.json()
    told = after.json()
    assert (told["trade_state"], told["transaction_id"]) == ("SUCCESS", paid["transaction_id"])
    assert told["amount"] == {"total": 1250, "payer_total": 1250, "currency": "CNY", "payer_currency": "CNY"}
    assert (told["attach"], told["payer"]) == ("餐桌 8", order["payer"])
    assert merchant.query_transaction(paid["transaction_id"]).json() == told
    assert sandbox.book() == NOTHING | {"paid": 1250, "balance": 1250, "payments": 1}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"bonus": 1}, "/bonus"),
        ({"payer": {"openid": "o1", "name": "x"}}, "/payer/name"),
        ({"payer": {"openid": "of another app"}}, "/payer/openid"),
        ({"amount": {"total": 0}}, "/amount/total"),
        ({"amount": {"total": "1250"}}, "/amount/total"),
        ({"amount": {"total": True}}, "/amount/total"),
        ({"amount": {"total": 1250, "currency": "USD"}}, "/amount/currency"),
        ({"amount": None}, "/amount"),
        ({"description": "汉" * 43}, "/description"),
        ({"out_trade_no": "short"}, "/out_trade_no"),
        ({"out_trade_no": "with space"}, "/out_trade_no"),
        ({"notify_url": "https://shop.example/callbacks?order=1"}, "/notify_url"),
        ({"notify_url": "/callbacks"}, "/notify_url"),
        ({"time_expire": "2030-06-08 10:34:56"}, "/time_expire"),
        ({"time_expire": "2018-06-08T10:34:56+08:00"}, "/time_expire"),
        (
            {"detail": {"goods_detail": [{"quantity": 1}]}},
            "/detail/goods_detail/0/merchant_goods_id",
        ),
    ],
)
def test_a_malformed_order_is_refused(merchant, sandbox, changed, field):
    refused = merchant.prepay(merchant.order(**changed))

    assert (refused.status_code, refused.json()["code"]) == (400, "PARAM_ERROR")
    assert refused.json()["detail"]["field"] == field
    assert sandbox.payments() == []


def test_somebody_elses_merchant_or_app_is_refused(merchant, sandbox):
    other_merchant = merchant.prepay(merchant.order(mchid="1900000001"))
    other_app = merchant.prepay(merchant.order(appid="wx0000000000000000"))

    assert other_merchant.json()["message"] == "http header中的mchid与post payload中的mchid不匹配"
    assert other_app.json()["code"] == "APPID_MCHID_NOT_MATCH"
    assert sandbox.payments() == []


def test_asking_the_same_again_is_answered_the_same(merchant):
    order = merchant.order()

    first, second = merchant.prepay(order), merchant.prepay(order)

    assert second.status_code == 200
    assert second.json() == first.json()


@pytest.mark.parametrize("changed", [{"amount": {"total": 1251, "currency": "CNY"}}, {"attach": "new"}])
def test_asking_differently_under_the_same_number_is_refused(merchant, changed):
    order = merchant.order()
    merchant.prepay(order)

    refused = merchant.prepay(order | changed)

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")
    assert refused.json()["message"] == "请求重入时，参数与首次请求时不一致"
    assert merchant.query(order["out_trade_no"]).json()["amount"]["total"] == 1250


def test_a_prepay_lives_two_hours_and_is_renewed_by_asking_again(merchant, sandbox):
    order = merchant.order()
    old = merchant.prepay(order).json()["prepay_id"]
    sandbox.advance(7_200)

    with pytest.raises(SandboxRefused, match="PREPAY_EXPIRED"):
        sandbox.confirm(old)
    new = merchant.prepay(order).json()["prepay_id"]

    assert new != old
    assert sandbox.confirm(new)["state"] == "SUCCESS"


def test_an_order_closes_itself_when_its_time_is_over(merchant, sandbox):
    soon = (datetime.now(tz=UTC) + timedelta(minutes=15)).isoformat(timespec="seconds")
    order = merchant.order(time_expire=soon)
    prepay_id = merchant.prepay(order).json()["prepay_id"]

    sandbox.advance(15 * 60 + 1)

    with pytest.raises(SandboxRefused, match="ORDER_CLOSED"):
        sandbox.confirm(prepay_id)
    assert merchant.query(order["out_trade_no"]).json()["trade_state"] == "CLOSED"
    assert merchant.prepay(order).json()["code"] == "ORDER_CLOSED"
    assert sandbox.book() == NOTHING


def test_an_order_without_an_end_closes_after_seven_days(merchant, sandbox):
    order = merchant.order()
    merchant.prepay(order)

    sandbox.advance(7 * 86_400)

    assert merchant.query(order["out_trade_no"]).json()["trade_state"] == "CLOSED"


def test_closing_is_final_and_may_be_repeated(merchant, sandbox):
    order = merchant.order()
    prepay_id = merchant.prepay(order).json()["prepay_id"]

    answers = [merchant.close(order["out_trade_no"]) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert merchant.query(order["out_trade_no"]).json()["trade_state"] == "CLOSED"
    assert merchant.prepay(order).json() == {"code": "ORDER_CLOSED", "message": "该订单已失效"}
    with pytest.raises(SandboxRefused, match="ORDER_CLOSED"):
        sandbox.confirm(prepay_id)


def test_a_paid_order_is_neither_closed_nor_placed_again(merchant, sandbox):
    order = merchant.order()
    prepay_id = merchant.prepay(order).json()["prepay_id"]
    sandbox.confirm(prepay_id)

    closed, again = merchant.close(order["out_trade_no"]), merchant.prepay(order)

    assert (closed.status_code, closed.json()["code"]) == (400, "ORDER_PAID")
    assert (again.status_code, again.json()["code"]) == (400, "ORDER_PAID")
    with pytest.raises(SandboxRefused, match="ORDER_PAID"):
        sandbox.confirm(prepay_id)
    assert sandbox.book()["payments"] == 1


def test_unknown_orders_are_told_as_such(merchant):
    by_number, by_id = (
        merchant.query(new_number()),
        merchant.query_transaction("4200000000202601010000000000"),
    )

    assert (by_number.status_code, by_number.json()["code"]) == (404, "ORDER_NOT_EXIST")
    assert (by_id.status_code, by_id.json()["code"]) == (404, "ORDER_NOT_EXIST")


def test_a_query_must_name_its_merchant(merchant):
    order = merchant.order()
    merchant.prepay(order)
    url = f"/v3/pay/transactions/out-trade-no/{order['out_trade_no']}"

    assert merchant.call("GET", url).json()["code"] == "PARAM_ERROR"
    assert merchant.call("GET", f"{url}?mchid=1900000001").json()["code"] == "PARAM_ERROR"


@pytest.mark.parametrize(
    "changed", [{"paySign": "AAAA"}, {"timeStamp": "1"}, {"package": "prepay_id=wx1"}, {"signType": "MD5"}]
)
def test_a_wrong_pay_sign_is_refused_as_the_client_does(merchant, sandbox, changed):
    prepay_id = merchant.prepay(merchant.order()).json()["prepay_id"]

    with pytest.raises(SandboxRefused, match="PAY_SIGN"):
        sandbox.confirm(prepay_id, pay_sign=merchant.pay_sign(prepay_id) | changed)

    assert sandbox.book() == NOTHING
    assert sandbox.notices() == []


def test_the_payer_may_go_away_and_come_back(merchant, sandbox):
    order = merchant.order()
    prepay_id = merchant.prepay(order).json()["prepay_id"]

    gone = sandbox.cancel(prepay_id)
    back = sandbox.confirm(prepay_id)

    assert (gone["result"], gone["state"]) == ("requestPayment:fail cancel", "NOTPAY")
    assert (back["result"], back["state"]) == ("requestPayment:ok", "SUCCESS")


def test_paying_twice_makes_two_transactions_of_one_order(merchant, sandbox):
    order = merchant.order()
    prepay_id = merchant.prepay(order).json()["prepay_id"]

    paid = sandbox.confirm(prepay_id, twice=True)

    first, second = paid["transaction_ids"]
    assert first != second
    assert merchant.query(order["out_trade_no"]).json()["transaction_id"] == first
    assert merchant.query_transaction(second).json()["out_trade_no"] == order["out_trade_no"]
    assert sandbox.book() == NOTHING | {"paid": 2500, "balance": 2500, "payments": 2}


def test_a_wrong_amount_or_another_payer_is_told_as_paid(merchant, sandbox):
    order = merchant.order()
    prepay_id = merchant.prepay(order).json()["prepay_id"]

    sandbox.confirm(prepay_id, total=1, openid="oSomebodyElse")

    told = merchant.query(order["out_trade_no"]).json()
    assert (told["amount"]["total"], told["payer"]["openid"]) == (1, "oSomebodyElse")
    assert sandbox.book()["paid"] == 1


def test_a_closed_order_can_be_paid_in_the_race(merchant, sandbox):
    order = merchant.order()
    prepay_id = merchant.prepay(order).json()["prepay_id"]
    merchant.close(order["out_trade_no"])

    sandbox.confirm(prepay_id, late=True)

    assert merchant.query(order["out_trade_no"]).json()["trade_state"] == "SUCCESS"


def test_sixteen_at_once_place_one_order_and_pay_it_once(merchant, sandbox):
    order = merchant.order()

    with ThreadPoolExecutor(16) as hands:
        placed = list(hands.map(lambda _: merchant.prepay(order), range(16)))
        prepay_id = placed[0].json()["prepay_id"]
        paid = list(hands.map(lambda _: _confirm(sandbox, prepay_id), range(16)))

    assert {answer.status_code for answer in placed} == {200}
    assert {answer.json()["prepay_id"] for answer in placed} == {prepay_id}
    assert sorted(paid) == ["ORDER_PAID"] * 15 + ["requestPayment:ok"]
    assert sandbox.book() == NOTHING | {"paid": 1250, "balance": 1250, "payments": 1}


def _confirm(sandbox, prepay_id):
    try:
        return Sandbox(sandbox.base_url).confirm(prepay_id)["result"]
    except SandboxRefused as refusal:
        return refusal.code
