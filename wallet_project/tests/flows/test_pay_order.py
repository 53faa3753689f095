"""An order is paid with balance, with WeChat, and with both: all of it or nothing, once."""

import time
from datetime import timedelta

from payments.models import Order, Payment
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error


def test_balance_alone_pays_at_once(customer, top_up, place_order, pay):
    top_up(customer, 10_000)
    number = place_order(customer, 3_000)

    paid = pay(customer, number, "balance")

    assert paid["order"]["state"] == "PAID"
    assert paid["pay_params"] is None
    assert customer.get("wallet").json()["available"] == 7_000
    newest = customer.get("wallet/records").json()["items"][0]
    assert (newest["kind"], newest["amount"], newest["balance_after"]) == ("payment", 3_000, 7_000)
    assert newest["reference"] == number


def test_wechat_alone_leaves_the_balance_untouched(customer, top_up, place_order, pay, settled):
    top_up(customer, 10_000)
    number = place_order(customer, 2_500)

    started = pay(customer, number, "wechat")
    assert started["order"]["state"] == "PAYING"
    customer.confirm(started["pay_params"])
    settled()

    order = customer.get(f"orders/{number}").json()
    assert (order["state"], order["paid_from_balance"], order["paid_from_channel"]) == ("PAID", 0, 2_500)
    assert customer.get("wallet").json()["available"] == 10_000


def test_both_together_take_the_balance_first_and_wechat_for_the_rest(
    customer, top_up, place_order, pay, settled
):
    top_up(customer, 3_000)
    number = place_order(customer, 9_999)

    started = pay(customer, number, "combined")
    assert (started["from_balance"], started["from_channel"]) == (3_000, 6_999)
    held = customer.get("wallet").json()
    assert (held["available"], held["held"], held["total"]) == (0, 3_000, 3_000)

    customer.confirm(started["pay_params"])
    settled()

    order = customer.get(f"orders/{number}").json()
    assert (order["state"], order["paid_from_balance"], order["paid_from_channel"]) == ("PAID", 3_000, 6_999)
    assert customer.get("wallet").json()["total"] == 0


def test_a_balance_that_does_not_reach_moves_nothing(customer, top_up, place_order):
    top_up(customer, 1_000)
    number = place_order(customer, 1_001)

    refused = customer.post(f"orders/{number}/pay", {"method": "balance"})

    detail = assert_error(refused, 409, "INSUFFICIENT_BALANCE")
    assert (detail["needed"], detail["available"]) == (1_001, 1_000)
    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["held"]) == (1_000, 0)


def test_the_result_page_waits_for_the_end_of_the_payment(customer, place_order, pay, settled, in_parallel):
    number = place_order(customer, 100)
    started = pay(customer, number, "wechat")

    def confirm():
        customer.confirm(started["pay_params"])
        settled()

    page, _ = in_parallel([lambda: customer.get(f"orders/{number}", wait=10), confirm])

    assert page.json()["state"] == "PAID"


def test_asking_again_in_the_same_way_is_the_same_payment(customer, place_order, pay):
    number = place_order(customer, 100)

    first, second = pay(customer, number, "wechat"), pay(customer, number, "wechat")

    assert first["payment_no"] == second["payment_no"]
    assert first["pay_params"]["package"] == second["pay_params"]["package"]


def test_who_begins_to_pay_in_the_last_second_has_a_minute(customer, place_order, pay, settled):
    number = place_order(customer, 100)
    last_second = clock.now() + timedelta(seconds=1)
    Order.objects.filter(number=number).update(expires_at=last_second)

    started = pay(customer, number, "wechat")

    ends = Payment.objects.get(number=started["payment_no"]).expires_at
    assert timedelta(seconds=50) < ends - last_second < timedelta(seconds=60)
    customer.confirm(started["pay_params"])
    settled()
    assert customer.get(f"orders/{number}").json()["state"] == "PAID"


def test_changing_ones_mind_closes_the_first_way_at_wechat(customer, sandbox, top_up, place_order, pay):
    top_up(customer, 500)
    number = place_order(customer, 800)
    first = pay(customer, number, "combined")

    second = pay(customer, number, "wechat")

    assert sandbox.payment(first["payment_no"])["state"] == "CLOSED"
    assert second["from_channel"] == 800
    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["held"]) == (500, 0)


def test_a_way_that_cannot_work_does_not_end_the_one_that_can(
    customer, sandbox, top_up, place_order, pay, settled
):
    top_up(customer, 500)
    number = place_order(customer, 800)
    first = pay(customer, number, "combined")

    refused = customer.post(f"orders/{number}/pay", {"method": "balance"})

    detail = assert_error(refused, 409, "INSUFFICIENT_BALANCE")
    assert (detail["needed"], detail["available"]) == (800, 500)
    assert sandbox.payment(first["payment_no"])["state"] == "NOTPAY"
    customer.confirm(first["pay_params"])
    settled()
    assert customer.get(f"orders/{number}").json()["state"] == "PAID"


def test_nobody_sees_or_pays_somebody_elses_order(new_customer, place_order):
    owner, stranger = new_customer(), new_customer()
    number = place_order(owner, 100)

    missing = "O" + number[1:-1] + ("0" if number[-1] != "0" else "1")
    for path in ("", "/pay", "/cancel"):
        call = stranger.get if not path else stranger.post
        theirs, nobodys = call(f"orders/{number}{path}"), call(f"orders/{missing}{path}")
        if path == "/pay":
            theirs = stranger.post(f"orders/{number}/pay", {"method": "wechat"})
            nobodys = stranger.post(f"orders/{missing}/pay", {"method": "wechat"})
        assert_error(theirs, 404, "NOT_FOUND")
        assert theirs.json()["message"] == nobodys.json()["message"]
    assert stranger.get("orders").json()["items"] == []
    assert owner.get(f"orders/{number}").json()["state"] == "OPEN"


def test_a_cancelled_order_gives_back_what_was_held(customer, sandbox, top_up, place_order, pay):
    top_up(customer, 500)
    number = place_order(customer, 800)
    started = pay(customer, number, "combined")

    cancelled = customer.post(f"orders/{number}/cancel")

    assert cancelled.json()["state"] == "CLOSED"
    assert sandbox.payment(started["payment_no"])["state"] == "CLOSED"
    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["held"]) == (500, 0)
    assert_error(customer.post(f"orders/{number}/pay", {"method": "balance"}), 409, "ORDER_NOT_PAYABLE")


def test_an_order_paid_a_moment_ago_cannot_be_cancelled(customer, sandbox, place_order, pay):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    sandbox.misbehave("drop")
    customer.confirm(started["pay_params"])

    refused = customer.post(f"orders/{number}/cancel")

    assert_error(refused, 409, "ORDER_ALREADY_PAID")
    assert customer.get(f"orders/{number}").json()["state"] == "PAID"


def test_a_past_balance_is_what_it_was(customer, top_up, place_order, pay):
    top_up(customer, 1_000)
    before = clock.iso(clock.now() + timedelta(seconds=1))
    time.sleep(1.1)  # the API speaks in whole seconds
    pay(customer, place_order(customer, 300), "balance")

    then = customer.get("wallet/balance", at=before).json()
    long_ago = customer.get("wallet/balance", at="2020-01-01T00:00:00+08:00").json()

    assert (then["total"], then["principal"]) == (1_000, 1_000)
    assert long_ago["total"] == 0
    assert customer.get("wallet").json()["total"] == 700
    assert_error(customer.get("wallet/balance", at="yesterday"), 400, "INVALID_INPUT")
    assert_error(customer.get("wallet/balance"), 400, "INVALID_INPUT")
