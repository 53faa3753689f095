"""WeChat is slow, silent, or wrong: unknown is a state, and the truth comes later by another road."""

from datetime import timedelta

import pytest
import requests

from accounts.models import WeChatIdentity
from payments.models import CallbackReceipt, Payment, RejectedCallback
from payments.services.closing import close_payment, due_for_closing, due_for_query
from payments.tasks import close_expired, query_unsure_payments
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error
from wallet_project.tests.flows.conftest import let_time_run_out

PREPAY = "/v3/pay/transactions/jsapi"


def payment_of(top_up: dict) -> Payment:
    return Payment.objects.get(top_up__number=top_up["top_up"]["number"])


def make_due(payment: Payment) -> None:
    Payment.objects.filter(pk=payment.pk).update(next_query_at=clock.now())


@pytest.mark.parametrize(
    "kind", ["error_after", "unsigned", "bad_signature", "signtest", "reset", "rate_limited"]
)
def test_a_prepay_without_a_clear_answer_is_retried_under_the_same_number(customer, sandbox, kind):
    sandbox.fault(kind, path=PREPAY, times=10)
    refused = customer.post("wallet/top-ups", {"amount": 700}, key="the-same-intention")
    assert_error(refused, 503, "CHANNEL_UNAVAILABLE")
    sandbox.clear_faults()

    again = customer.post("wallet/top-ups", {"amount": 700}, key="the-same-intention")

    assert again.status_code == 201, again.text
    assert Payment.objects.filter(openid=customer.openid).count() == 1
    assert again.json()["pay_params"]


@pytest.mark.parametrize("path", ["wallet/top-ups", "orders/{}/pay"])
def test_a_request_that_comes_again_after_its_payment_was_closed_is_told_so(
    customer, sandbox, place_order, path
):
    path = path.format(place_order(customer, 800))
    wish = {"amount": 700} if "top-ups" in path else {"method": "wechat"}
    sandbox.fault("reset", path=PREPAY, times=10)
    assert customer.post(path, wish, key="the-same-intention").status_code == 503
    sandbox.clear_faults()
    close_payment(number=Payment.objects.get(openid=customer.openid).number, reason="超时未支付")

    again = customer.post(path, wish, key="the-same-intention")

    assert assert_error(again, 409, "PAYMENT_ENDED") == {"state": "CLOSED"}
    assert customer.post(path, wish).json()["pay_params"]


def test_an_order_that_wechat_refuses_holds_nothing(customer, top_up, place_order, settings):
    top_up(customer, 300)
    number = place_order(customer, 800)
    right = settings.WECHAT["appid"]
    settings.WECHAT["appid"] = "wx0000000000000001"  # WeChat: this app and this merchant are not bound
    try:
        identity = WeChatIdentity.objects.filter(openid=customer.openid)
        identity.update(appid=settings.WECHAT["appid"])
        refused = customer.post(f"orders/{number}/pay", {"method": "combined"})
    finally:
        settings.WECHAT["appid"] = right
        identity.update(appid=right)

    assert_error(refused, 409, "CHANNEL_REFUSED")
    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["held"]) == (300, 0)


def test_a_refusal_after_an_unanswered_try_that_was_paid_is_no_refusal(customer, sandbox, settled, settings):
    sandbox.fault("error_after", path=PREPAY, times=10)
    assert_error(
        customer.post("wallet/top-ups", {"amount": 700}, key="made-but-unheard"), 503, "CHANNEL_UNAVAILABLE"
    )
    sandbox.clear_faults()
    payment = Payment.objects.get(openid=customer.openid)
    sandbox.misbehave("drop")
    sandbox.confirm(sandbox.payment(payment.number)["prepay_id"])
    settled()
    right = settings.WECHAT["appid"]
    settings.WECHAT["appid"] = "wx0000000000000001"  # WeChat refuses this try, whatever became of the first
    try:
        again = customer.post("wallet/top-ups", {"amount": 700}, key="made-but-unheard")
    finally:
        settings.WECHAT["appid"] = right

    assert again.status_code == 201, again.text
    assert again.json()["pay_params"] is None
    assert customer.get("wallet").json()["available"] == 700


def test_a_lost_callback_is_made_up_for_by_a_query(customer, sandbox, settled):
    started = customer.post("wallet/top-ups", {"amount": 700}).json()
    sandbox.misbehave("drop")
    customer.confirm(started["pay_params"])
    settled()
    assert customer.get("wallet").json()["available"] == 0
    make_due(payment_of(started))

    query_unsure_payments()

    assert customer.get("wallet").json()["available"] == 700
    assert payment_of(started).settled_via == "query"


@pytest.mark.parametrize("mode", ["duplicate", "reorder", "signtest", "wrong_serial", "stale", "tampered"])
def test_a_callback_that_misbehaves_credits_once_in_the_end(customer, sandbox, settled, mode):
    started = customer.post("wallet/top-ups", {"amount": 700}).json()
    sandbox.misbehave(mode)

    customer.confirm(started["pay_params"])
    settled()
    make_due(payment_of(started))
    query_unsure_payments()

    assert customer.get("wallet").json()["available"] == 700
    assert len(customer.get("wallet/records").json()["items"]) == 1


def test_what_is_not_wechats_is_turned_away_and_only_counted(customer, web_server):
    before = CallbackReceipt.objects.count()
    address = f"{web_server}/api/v1/callbacks/wechat/transactions"

    bare = requests.post(address, json={"id": "EV-1"}, timeout=5)
    headers = {
        "Wechatpay-Timestamp": str(int(clock.now().timestamp())),
        "Wechatpay-Nonce": "n" * 32,
        "Wechatpay-Serial": "PUB_KEY_ID_0000",
        "Wechatpay-Signature": "not base64 at all",
    }
    forged = requests.post(address, json={"id": "EV-1"}, headers=headers, timeout=5)

    assert_error(bare, 401, "INVALID_CALLBACK")
    assert_error(forged, 401, "INVALID_CALLBACK")
    assert CallbackReceipt.objects.count() == before
    assert RejectedCallback.objects.exists()


def test_an_unpaid_order_is_closed_at_wechat_and_here_when_its_time_is_over(
    customer, sandbox, top_up, place_order, pay
):
    top_up(customer, 300)
    number = place_order(customer, 800)
    started = pay(customer, number, "combined")
    let_time_run_out(number)

    close_expired()
    close_expired()

    assert sandbox.payment(started["payment_no"])["state"] == "CLOSED"
    order = customer.get(f"orders/{number}").json()
    assert order["state"] == "CLOSED"
    assert customer.get("wallet").json()["available"] == 300


def test_an_order_paid_just_before_it_expired_is_paid(customer, sandbox, place_order, pay, settled):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    sandbox.misbehave("drop")
    customer.confirm(started["pay_params"])
    settled()
    let_time_run_out(number)

    close_expired()

    assert customer.get(f"orders/{number}").json()["state"] == "PAID"


def test_an_expired_order_stays_open_while_wechat_does_not_answer(customer, sandbox, place_order, pay):
    number = place_order(customer, 800)
    started = pay(customer, number, "wechat")
    let_time_run_out(number)
    sandbox.fault("error_before", path="/v3/pay/transactions/out-trade-no", times=10)

    close_expired()

    assert customer.get(f"orders/{number}").json()["state"] == "PAYING"
    sandbox.clear_faults()
    make_due(Payment.objects.get(number=started["payment_no"]))
    close_expired()
    assert Payment.objects.get(number=started["payment_no"]).state == "CLOSED"


def test_what_wechat_has_closed_by_itself_is_closed_here_without_another_word(
    customer, sandbox, top_up, place_order, pay
):
    top_up(customer, 300)
    number = place_order(customer, 800)
    started = pay(customer, number, "combined")
    sandbox.advance(31 * 60)
    sandbox.fault("error_before", path="/v3/pay/transactions/out-trade-no/.*/close", times=10)

    ended = close_payment(number=started["payment_no"], reason="超时未支付")

    assert ended.state == "CLOSED"
    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["held"]) == (300, 0)


def test_a_payment_that_cannot_be_closed_keeps_no_other_from_being_closed(customer, place_order, pay):
    numbers = [place_order(customer, 800) for _ in range(2)]
    payments = [pay(customer, number, "wechat")["payment_no"] for number in numbers]
    due_for_closing(at=clock.now(), limit=10_000)  # what other tests left behind has had its turn
    for number in numbers:
        let_time_run_out(number)
    now = clock.now()

    turns = [due_for_closing(at=now, limit=1) for _ in range(3)]

    assert turns == [payments[:1], payments[1:], []]
    waits = Payment.objects.filter(number__in=payments).values_list("next_query_at", flat=True)
    assert all(timedelta(0) < wait - now < timedelta(minutes=1) for wait in waits)


def test_a_payment_is_looked_at_when_its_time_is_over_however_rarely_it_is_asked_about(
    customer, place_order, pay
):
    started = pay(customer, place_order(customer, 800), "wechat")
    payment = Payment.objects.get(number=started["payment_no"])
    soon = clock.now() + timedelta(seconds=40)
    Payment.objects.filter(pk=payment.pk).update(queries=20, expires_at=soon)
    make_due(payment)

    assert payment.number in due_for_query(at=clock.now(), limit=10_000)

    payment.refresh_from_db()
    assert payment.next_query_at == soon
    assert payment.number not in due_for_query(at=soon, limit=10_000)
    assert payment.number in due_for_closing(at=soon, limit=10_000)


def test_a_callback_that_our_key_does_not_open_is_kept_and_acted_upon_once_it_does(
    customer, sandbox, settled, settings
):
    started = customer.post("wallet/top-ups", {"amount": 700}).json()
    right = settings.WECHAT["apiv3_key"]
    settings.WECHAT["apiv3_key"] = "0" * 32
    try:
        customer.confirm(started["pay_params"])
        settled()
        assert CallbackReceipt.objects.latest("pk").state == "UNOPENED"
    finally:
        settings.WECHAT["apiv3_key"] = right

    sandbox.resend(sandbox.notices()[0]["id"])
    settled()

    assert CallbackReceipt.objects.latest("pk").state == "DONE"
    assert customer.get("wallet").json()["available"] == 700
