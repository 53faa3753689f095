"""All money stands still: nothing begins, what was begun is carried to its end, nothing is lost."""

import time
import uuid
from datetime import timedelta

import pytest
import requests

from accounts.models import Device, User
from accounts.rules.step_up import Operation
from accounts.services.closures import begin_closure
from accounts.tests.factories import LoggedIn, grant_for, with_pin
from payments.models import CallbackReceipt, ExceptionCase, Payment, Refund
from payments.services.case_money import refund_case
from payments.services.payouts import pay_out_rest
from payments.tasks import process_waiting_receipts, query_open_refunds
from wallet.models import Journal, TopUp
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import look_again
from wallet_project.pauses.tests.factories import paused


@pytest.mark.parametrize("method", ["balance", "wechat", "combined"])
def test_no_order_is_paid_and_the_same_request_succeeds_later(customer, top_up, place_order, method):
    top_up(customer, 1_000)
    number = place_order(customer, 900)
    journals, key, path = Journal.objects.count(), uuid.uuid4().hex, f"orders/{number}/pay"

    with paused():
        refused = customer.post(path, {"method": method}, key=key)
        wallet = customer.get("wallet").json()

    assert_error(refused, 503, "FLOW_PAUSED")
    assert int(refused.headers["Retry-After"]) > 0
    assert (wallet["paused"], wallet["available"], wallet["held"]) == (True, 1_000, 0)
    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    assert not Payment.objects.filter(order__number=number).exists()
    assert Journal.objects.count() == journals
    assert customer.post(path, {"method": method}, key=key).status_code == 200
    assert customer.get("wallet").json()["paused"] is False


def test_no_top_up_and_no_payout_begins(customer, top_up):
    top_up(customer, 900)
    device = Device.objects.select_related("user").get(device_id=customer.device_id)
    wallet = open_wallet(user_id=device.user_id)
    begin_closure(user_id=device.user_id, reason="NOT_USED")
    leaver = with_pin(LoggedIn(user=device.user, device=device, tokens=None))
    grant = grant_for(leaver, Operation(kind="account.close", amount=900, facts={"payee": "余额退回微信"}))

    with paused():
        refused = customer.post("wallet/top-ups", {"amount": 100})
        with pytest.raises(Paused):
            pay_out_rest(user_id=device.user_id, device_id=device.device_id, grant=grant)

    assert_error(refused, 503, "FLOW_PAUSED")
    assert TopUp.objects.filter(wallet=wallet).count() == 1
    assert not Refund.objects.filter(payment__payer=device.user).exists()
    assert customer.get("wallet").json()["principal"] == 900
    [refund] = pay_out_rest(user_id=device.user_id, device_id=device.device_id, grant=grant)
    assert refund.amount == 900


def test_what_wechat_says_is_booked_all_the_same(customer, top_up, place_order, pay, settled):
    top_up(customer, 400)
    number = place_order(customer, 900)
    paying = pay(customer, number, "combined")
    topping_up = customer.post("wallet/top-ups", {"amount": 250}).json()

    with paused():
        customer.confirm(paying["pay_params"])
        customer.confirm(topping_up["pay_params"])
        settled()

        assert customer.get(f"orders/{number}").json()["state"] == "PAID"
        assert customer.get("wallet").json()["total"] == 250
        assert Payment.objects.get(number=paying["payment_no"]).state == "PAID"


def test_a_request_whose_answer_was_lost_is_answered(customer, top_up, place_order, monkeypatch):
    """It was paid before the pause; only the answer never arrived."""
    top_up(customer, 900)
    number, key = place_order(customer, 900), uuid.uuid4().hex
    with monkeypatch.context() as broken:
        broken.setattr("payments.services.checkout.parameters_for", lambda payment: 1 / 0)
        assert customer.post(f"orders/{number}/pay", {"method": "balance"}, key=key).status_code == 500

    with paused():
        answer = customer.post(f"orders/{number}/pay", {"method": "balance"}, key=key)

    assert answer.status_code == 200
    assert answer.json()["order"]["state"] == "PAID"


def test_refunds_that_wechat_has_not_taken_wait(customer, place_order, pay, settled, sandbox):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    customer.post(f"orders/{number}/cancel")
    other = pay(customer, place_order(customer, 700), "wechat")
    customer.confirm(other["pay_params"], total=699)
    settled()

    with paused():
        customer.confirm(started["pay_params"], late=True)
        settled()
        late, wrong = (ExceptionCase.objects.get(number=each["payment_no"]) for each in (started, other))
        with pytest.raises(Paused):
            refund_case(case_id=wrong.pk, reason="金额不符", staff_id=1)

        assert late.state == "REFUNDING"
        assert late.refunds.get().number not in {each["out_refund_no"] for each in sandbox.refunds()}
        assert not wrong.refunds.exists()

    late.refunds.update(next_query_at=clock.now())
    query_open_refunds()
    refund_case(case_id=wrong.pk, reason="金额不符", staff_id=1)
    settled()
    assert {late.refunds.get().state, wrong.refunds.get().state} == {"SUCCESS"}


def test_a_pause_is_known_to_every_process_within_ten_seconds(customer, owner_cursor):
    """Another process writes the row; this one is not told."""
    look_again()
    assert customer.get("wallet").json()["paused"] is False

    owner_cursor.execute(
        "INSERT INTO pauses_pause (flow, cause, reason, since, raised_by, lifted_by, lifted_reason)"
        " VALUES ('money', 'staff', '演练', now(), 'staff:3', '', '')"
    )
    try:
        assert _seconds_until(customer, paused=True) < 10
        assert_error(customer.post("wallet/top-ups", {"amount": 100}), 503, "FLOW_PAUSED")
    finally:
        owner_cursor.execute(
            "UPDATE pauses_pause SET lifted_at = now(), lifted_by = 'staff:4', lifted_reason = '演练结束'"
            " WHERE lifted_at IS NULL"
        )
    assert _seconds_until(customer, paused=False) < 10


def test_callbacks_are_kept_and_booked_when_they_go_on(customer, place_order, pay, settled, outbox):
    number = place_order(customer, 800)
    paying = pay(customer, number, "wechat")

    with paused(Flow.CALLBACKS):
        customer.confirm(paying["pay_params"])
        outbox.deliver()
        [kept] = CallbackReceipt.objects.filter(state="RECEIVED")
        process_waiting_receipts()
        assert Payment.objects.get(number=paying["payment_no"]).state != "PAID"

    CallbackReceipt.objects.filter(pk=kept.pk).update(created_at=clock.now() - timedelta(minutes=2))
    process_waiting_receipts()
    assert customer.get(f"orders/{number}").json()["state"] == "PAID"


def test_nobody_registers_and_no_code_is_sent_but_everybody_else_comes_in(customer, newcomer, sandbox):
    people = User.objects.count()

    with paused(Flow.REGISTER), paused(Flow.SMS):
        with pytest.raises(requests.HTTPError) as refused:
            newcomer()
        customer.log_in(sandbox.login_code(customer.openid)["code"])
        code = customer.post("auth/codes", {"phone": "13912340000", "device_id": customer.device_id})

    assert_error(refused.value.response, 503, "FLOW_PAUSED")
    assert_error(code, 503, "FLOW_PAUSED")
    assert User.objects.count() == people


def test_read_only_lets_clients_look_and_wechat_speak(customer, top_up, place_order, pay, settled):
    number = place_order(customer, 800)
    paying = pay(customer, number, "wechat")

    with paused(Flow.READ_ONLY):
        assert_error(customer.post("orders", {}), 503, "FLOW_PAUSED")
        assert_error(customer.put("me/small-payments", {}), 503, "FLOW_PAUSED")
        assert customer.get("wallet").status_code == 200
        customer.confirm(paying["pay_params"])
        settled()
        assert customer.get(f"orders/{number}").json()["state"] == "PAID"


def _seconds_until(customer, *, paused: bool) -> float:
    start = time.monotonic()
    while customer.get("wallet").json()["paused"] is not paused and time.monotonic() < start + 15:
        time.sleep(0.1)
    return time.monotonic() - start
