"""Refunds keep the published rules: accepted first, final later, never more than was paid."""

import json

import pytest

from wallet_project.sandbox.client import SandboxRefused
from wallet_project.sandbox.tests.merchant import new_number


@pytest.fixture
def order(merchant, sandbox):
    order = merchant.order()
    sandbox.confirm(merchant.prepay(order).json()["prepay_id"], notify=False)
    return order


@pytest.fixture
def ask(merchant, order):
    def ask(refund, **changed):
        asked = {
            "out_trade_no": order["out_trade_no"],
            "out_refund_no": new_number(),
            "amount": {"refund": refund, "total": 1250, "currency": "CNY"},
        } | changed
        return merchant.refund(**{name: value for name, value in asked.items() if value is not None})

    return ask


def test_a_refund_is_accepted_then_succeeds_and_is_announced(merchant, sandbox, order, ask, receiver):
    accepted = ask(500, reason="少了一杯", notify_url=receiver.url).json()
    [notice] = receiver.wait_for(1)

    told = merchant.query_refund(accepted["out_refund_no"]).json()
    envelope = json.loads(notice.body)
    resource = json.loads(merchant.open(envelope["resource"]))
    assert accepted["status"] == "PROCESSING"
    assert "success_time" not in accepted
    assert (told["status"], told["refund_id"]) == ("SUCCESS", accepted["refund_id"])
    assert told["amount"]["payer_refund"] == 500
    assert merchant.trusts(notice.headers, notice.body)
    assert (envelope["event_type"], envelope["summary"]) == ("REFUND.SUCCESS", "退款成功")
    assert envelope["resource"]["associated_data"] == "refund"
    assert (resource["refund_status"], resource["refund_id"]) == ("SUCCESS", accepted["refund_id"])
    assert "status" not in resource
    assert merchant.query(order["out_trade_no"]).json()["trade_state"] == "REFUND"
    assert sandbox.book() == {
        "paid": 1250, "refunded": 500, "balance": 750, "payments": 1, "refunds": 1, "refunding": 0,
        "transferred": 0, "transfers": 0, "transferring": 0,
    }  # fmt: skip


def test_the_same_number_tells_the_same_refund(sandbox, ask):
    number = new_number()

    first, second = (ask(500, out_refund_no=number).json() for _ in range(2))

    assert second["refund_id"] == first["refund_id"]
    assert len(sandbox.refunds()) == 1


@pytest.mark.parametrize("amount", [{"refund": 499, "total": 1250}, {"refund": 500, "total": 1249}])
def test_the_same_number_with_another_amount_is_refused(sandbox, ask, amount):
    number = new_number()
    ask(500, out_refund_no=number)

    refused = ask(0, out_refund_no=number, amount=amount | {"currency": "CNY"})

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")
    assert refused.json()["message"] == "订单金额或退款金额与之前请求不一致，请核实后再试"
    assert len(sandbox.refunds()) == 1


def test_the_sum_of_refunds_never_exceeds_what_was_paid(sandbox, ask):
    assert ask(1000).status_code == 200

    over = ask(251)
    sandbox.advance(60)
    rest = ask(250)
    nothing_left = ask(1)

    assert (over.status_code, rest.status_code, nothing_left.status_code) == (400, 200, 400)
    assert nothing_left.json()["message"] == "订单已全额退款"
    assert sum(refund["amount"]["refund"] for refund in sandbox.refunds()) == 1250


def test_a_payment_takes_at_most_fifty_refunds(sandbox, ask):
    for _ in range(50):
        assert ask(1).status_code == 200
        sandbox.advance(60)

    refused = ask(1)

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")
    assert len(sandbox.refunds()) == 50


def test_two_refunds_of_a_payment_are_a_minute_apart(sandbox, ask):
    assert ask(1).status_code == 200
    sandbox.advance(58)

    early = ask(1)
    sandbox.advance(2)

    assert (early.status_code, early.json()["code"]) == (429, "FREQUENCY_LIMITED")
    assert ask(1).status_code == 200


def test_a_payment_is_refundable_for_a_year(sandbox, ask):
    sandbox.advance(365 * 86_400 - 60)
    assert ask(1).status_code == 200

    sandbox.advance(120)

    assert ask(1).json()["message"] == "订单已超过可退款的最大期限"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"note": "x"}, 400, "PARAM_ERROR"),
        ({"out_trade_no": None}, 400, "PARAM_ERROR"),
        ({"out_refund_no": "with space"}, 400, "PARAM_ERROR"),
        ({"amount": {"refund": 1, "total": 1250}}, 400, "PARAM_ERROR"),
        ({"amount": {"refund": 1, "total": 9, "currency": "CNY"}}, 400, "INVALID_REQUEST"),
        ({"out_trade_no": "Tunknown"}, 404, "RESOURCE_NOT_EXISTS"),
    ],
)
def test_a_malformed_refund_is_refused(sandbox, ask, changed, status, code):
    refused = ask(1, **changed)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert sandbox.refunds() == []


def test_an_unpaid_order_cannot_be_refunded(merchant, sandbox, ask):
    unpaid = merchant.order()
    merchant.prepay(unpaid)

    refused = ask(1, out_trade_no=unpaid["out_trade_no"])

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")
    assert sandbox.refunds() == []


def test_the_second_payment_of_an_order_is_refunded_by_its_own_id(merchant, sandbox):
    order = merchant.order()
    paid = sandbox.confirm(merchant.prepay(order).json()["prepay_id"], twice=True, notify=False)
    second = paid["transaction_ids"][1]

    accepted = merchant.refund(
        transaction_id=second,
        out_refund_no=new_number(),
        amount={"refund": 1250, "total": 1250, "currency": "CNY"},
    )

    assert accepted.json()["transaction_id"] == second
    assert merchant.query_transaction(second).json()["trade_state"] == "REFUND"
    assert merchant.query(order["out_trade_no"]).json()["trade_state"] == "SUCCESS"


@pytest.mark.parametrize(
    ("kind", "status", "event"),
    [("refund_abnormal", "ABNORMAL", "REFUND.ABNORMAL"), ("refund_closed", "CLOSED", "REFUND.CLOSED")],
)
def test_a_refund_may_end_badly(merchant, sandbox, ask, receiver, kind, status, event):
    sandbox.fault(kind)

    number = ask(500, notify_url=receiver.url).json()["out_refund_no"]
    [notice] = receiver.wait_for(1)

    assert merchant.query_refund(number).json()["status"] == status
    assert json.loads(notice.body)["event_type"] == event
    assert sandbox.book()["refunded"] == 0


def test_a_closed_refund_gives_its_amount_back(sandbox, ask):
    sandbox.fault("refund_closed")
    ask(1250)
    sandbox.wait_for_notices()
    sandbox.advance(60)

    assert ask(1250).status_code == 200


def test_a_refund_may_stay_processing_until_told(merchant, sandbox, ask):
    sandbox.fault("refund_processing")
    number = ask(500).json()["out_refund_no"]
    sandbox.advance(3600)
    sandbox.wait_for_notices()

    before = merchant.query_refund(number).json()["status"]
    sandbox.finish_refund(number)

    assert before == "PROCESSING"
    assert merchant.query_refund(number).json()["status"] == "SUCCESS"
    with pytest.raises(SandboxRefused):
        sandbox.finish_refund(number, "CLOSED")


def test_an_empty_merchant_account_is_said_and_nothing_moves(sandbox, ask):
    number = new_number()
    sandbox.fault("not_enough")

    refused, accepted = ask(500, out_refund_no=number), ask(500, out_refund_no=number)

    assert refused.json() == {"code": "NOT_ENOUGH", "message": "基本账户余额不足，请充值后重新发起"}
    assert (refused.status_code, accepted.status_code) == (403, 200)
    assert len(sandbox.refunds()) == 1


def test_an_unknown_refund_is_told_as_such(merchant):
    unknown = merchant.query_refund(new_number())

    assert (unknown.status_code, unknown.json()["code"]) == (404, "RESOURCE_NOT_EXISTS")


def test_an_abnormal_refund_goes_to_another_card(merchant, sandbox, ask):
    sandbox.fault("refund_abnormal")
    accepted = ask(500).json()
    sandbox.wait_for_notices()
    card = {"bank_account": merchant.seal("6222021234567890123"), "real_name": merchant.seal("张三")}
    wish = {"out_refund_no": accepted["out_refund_no"], "type": "USER_BANK_CARD", "bank_type": "ICBC_DEBIT"}

    bare = merchant.help_refund(accepted["refund_id"], **wish)
    open_card = merchant.help_refund(accepted["refund_id"], **wish, bank_account="6222", real_name="张三")
    helped = merchant.help_refund(accepted["refund_id"], **wish, **card)
    sandbox.wait_for_notices()

    assert (bare.status_code, open_card.status_code, helped.status_code) == (400, 400, 200)
    assert helped.json()["status"] == "PROCESSING"
    assert merchant.query_refund(accepted["out_refund_no"]).json()["status"] == "SUCCESS"
    again = merchant.help_refund(accepted["refund_id"], **wish, **card)
    assert (again.status_code, again.json()["code"]) == (400, "INVALID_REQUEST")
    assert sandbox.book()["refunded"] == 500


def test_a_payer_who_is_gone_gets_nothing_back(sandbox, ask):
    sandbox.fault("refund_no_account")

    refused = ask(500)

    assert (refused.status_code, refused.json()["code"]) == (403, "USER_ACCOUNT_ABNORMAL")
    assert sandbox.refunds() == []
