"""The biller platform keeps what docs/biller_api.md promises."""

import json
import time

import pytest
import requests

from wallet_project.sandbox.client import SandboxRefused
from wallet_project.sandbox.tests.biller_merchant import CREDIT_CARD, BillerMerchant


@pytest.fixture
def merchant(sandbox):
    sandbox.bill_account("power", "30012345", owner="王建国", due=56_80, due_date="2026-12-20")
    sandbox.bill_account("water", "80012345", owner="李秀英", due=31_20)
    return BillerMerchant(sandbox)


def refused(answer):
    return answer.status_code, answer.json()["code"]


def ended(sandbox, number):
    sandbox.wait_for_notices()
    return sandbox.bill(number)["state"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"signature": "0" * 64}, "BAD_SIGNATURE"),
        ({"timestamp": str(int(time.time()) - 400)}, "STALE"),
        ({"nonce": "short"}, "REPLAYED"),
    ],
)
def test_what_is_not_signed_freshly_is_refused_and_the_refusal_is_signed(merchant, sandbox, changed, code):
    answer = merchant.call("POST", "payments", merchant.payment(), **changed)

    assert refused(answer) == (401, code)
    assert merchant.trusts(answer)
    assert sandbox.bills() == []


def test_a_nonce_is_good_for_one_request(merchant):
    assert merchant.call("GET", "payments/B0").status_code == 404

    again = merchant.call("GET", "payments/B0", nonce=merchant.last_nonce)

    assert refused(again) == (401, "REPLAYED")


def test_a_card_is_bound_once_per_owner_and_released_once(merchant, sandbox):
    bound = merchant.bind()
    again, elsewhere = merchant.bind(), merchant.bind(owner="u-2")

    assert merchant.trusts(elsewhere)
    assert bound.json()["token"] == again.json()["token"] != elsewhere.json()["token"]
    assert (bound.json()["bank"], bound.json()["card_masked"]) == ("招商银行", "622575******0006")
    assert sandbox.bill_book()["cards"] == 2
    for _ in range(2):
        assert merchant.call("POST", "cards/release", {"token": bound.json()["token"]}).status_code == 204
    assert sandbox.bill_book()["cards"] == 1


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("6225750000000007", "CARD_INVALID"),
        ("4111111111111111", "CARD_NOT_SUPPORTED"),
        ("62257500000000x6", "CARD_INVALID"),
    ],
)
def test_a_card_that_cannot_be_repaid_is_not_bound(merchant, sandbox, number, code):
    assert refused(merchant.bind(card_number=number)) == (422, code)
    assert sandbox.bill_book()["cards"] == 0


def test_a_holder_may_not_match(merchant, sandbox):
    sandbox.fault("holder_mismatch")

    assert refused(merchant.bind()) == (422, "HOLDER_MISMATCH")
    assert merchant.bind().status_code == 200


def test_a_bill_says_what_is_owed_and_what_may_be_paid(merchant):
    token = merchant.bind().json()["token"]

    def ask(**wish):
        return merchant.call("POST", "bills/query", wish).json()

    assert ask(biller="power", account="30012345") == {
        "biller": "power",
        "owner_masked": "王**",
        "due": 56_80,
        "due_date": "2026-12-20",
        "least": 1_00,
        "most": 10_000_00,
    }
    water = ask(biller="water", account="80012345")
    assert (water["least"], water["most"]) == (31_20, 31_20)
    assert ask(biller="card", card_token=token)["due"] == 1_234_56
    assert ask(biller="phone", account="13800138000")["due"] == 0
    assert ask(biller="water", account="80099999")["code"] == "ACCOUNT_UNKNOWN"
    assert ask(biller="card", card_token="nobody's")["code"] == "CARD_RELEASED"
    assert ask(biller="nobody", account="1")["code"] == "BILLER_UNKNOWN"


def test_a_bill_that_is_paid_is_owed_no_more(merchant, sandbox):
    number = merchant.pay(biller="water", account="80012345", amount=31_20).json()["number"]
    assert ended(sandbox, number) == "SUCCESS"

    asked = merchant.call("POST", "bills/query", {"biller": "water", "account": "80012345"})

    assert refused(asked) == (404, "NO_BILL")
    assert sandbox.bill_book() == {"paid": 31_20, "returned": 0, "balance": 31_20, "under_way": 0, "cards": 0}


def test_a_payment_ends_later_and_is_told_by_a_signed_callback(merchant, sandbox, receiver):
    taken = merchant.pay(notify_url=receiver.url)
    assert (taken.status_code, taken.json()["state"]) == (200, "PROCESSING")
    assert merchant.trusts(taken)

    [told] = receiver.wait_for(1)

    assert merchant.trusts_callback(told.headers, told.body, receiver.url)
    said = json.loads(told.body)
    assert (said["type"], said["payment"]["number"]) == ("payment.succeeded", taken.json()["number"])
    assert merchant.query(taken.json()["number"]).json() == said["payment"]


def test_a_number_is_one_payment_for_ever(merchant, sandbox):
    wish = merchant.payment()
    first = merchant.call("POST", "payments", wish)
    ended(sandbox, wish["number"])

    again = merchant.call("POST", "payments", wish)
    other = merchant.call("POST", "payments", wish | {"amount": 1_00})

    assert again.json()["payment_id"] == first.json()["payment_id"]
    assert again.json()["state"] == "SUCCESS"
    assert refused(other) == (409, "NUMBER_REUSED")
    assert sandbox.bill_book()["paid"] == 56_80


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"account": "39999999"}, "ACCOUNT_UNKNOWN"),
        ({"amount": 99}, "AMOUNT_OUT_OF_RANGE"),
        ({"biller": "water", "account": "80012345", "amount": 31_19}, "AMOUNT_NOT_DUE"),
        ({"biller": "card", "card_token": "nobody's"}, "CARD_RELEASED"),
    ],
)
def test_what_cannot_be_paid_is_a_failed_payment_under_its_number(merchant, sandbox, changed, reason):
    answer = merchant.pay(**changed)

    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "FAILED", reason)
    assert merchant.query(answer.json()["number"]).json()["state"] == "FAILED"
    assert sandbox.bill_book()["paid"] == 0


@pytest.mark.parametrize(("kind", "state"), [("bill_failed", "FAILED"), ("bill_processing", "PROCESSING")])
def test_it_may_fail_or_never_end(merchant, sandbox, kind, state):
    sandbox.fault(kind)
    number = merchant.pay().json()["number"]

    assert ended(sandbox, number) == state
    assert sandbox.bill_book()["balance"] == 0


def test_it_may_come_back_days_later(merchant, sandbox, receiver):
    sandbox.fault("bill_reversed")
    number = merchant.pay(notify_url=receiver.url).json()["number"]
    assert ended(sandbox, number) == "SUCCESS"

    sandbox.advance(2 * 86_400)

    assert ended(sandbox, number) == "REVERSED"
    assert [json.loads(one.body)["type"] for one in receiver.received] == [
        "payment.succeeded",
        "payment.reversed",
    ]
    assert sandbox.bill_book()["balance"] == 0


def test_a_request_on_its_way_is_found_by_nobody_and_arrives_once(merchant, sandbox):
    sandbox.fault("bill_unheard")
    wish = merchant.payment()
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        merchant.call("POST", "payments", wish)
    assert refused(merchant.query(wish["number"])) == (404, "PAYMENT_UNKNOWN")

    sandbox.deliver_bill(wish["number"])
    again = merchant.call("POST", "payments", wish)

    assert again.status_code == 200
    assert ended(sandbox, wish["number"]) == "SUCCESS"
    assert sandbox.bill_book()["paid"] == 56_80


@pytest.mark.parametrize(
    ("kind", "heard", "known"),
    [
        ("unsigned", False, True),
        ("bad_signature", False, True),
        ("error_after", False, True),
        ("error_before", False, False),
    ],
)
def test_an_answer_that_is_not_signed_says_nothing(merchant, sandbox, kind, heard, known):
    sandbox.fault(kind, path="/billers/")
    wish = merchant.payment()

    answer = merchant.call("POST", "payments", wish)

    assert merchant.trusts(answer) is heard
    assert (merchant.query(wish["number"]).status_code == 200) is known


@pytest.mark.parametrize("mode", ["duplicate", "stale", "tampered", "signtest", "wrong_serial"])
def test_a_callback_misbehaves_on_request(merchant, sandbox, receiver, mode):
    sandbox.scale_notices(0.01)
    sandbox.misbehave(mode)
    merchant.pay(notify_url=receiver.url)

    first, second = receiver.wait_for(2)[:2]

    trusted = merchant.trusts_callback(first.headers, first.body, receiver.url)
    fresh = abs(int(first.headers["Biller-Timestamp"]) - time.time()) < 300
    ours = first.headers["Biller-Key"] == merchant.key_id
    assert (trusted and fresh and ours) is (mode == "duplicate")
    assert merchant.trusts_callback(second.headers, second.body, receiver.url)
    assert json.loads(first.body)["id"] == json.loads(second.body)["id"]


def test_the_console_shows_the_bills_and_refuses_nonsense(merchant, sandbox):
    number = merchant.pay().json()["number"]
    ended(sandbox, number)

    page = requests.get(f"{sandbox.base_url}/sandbox/", timeout=5).text

    assert number in page
    assert "城市供电公司" in page
    assert CREDIT_CARD not in page
    for nonsense in (
        lambda: sandbox.bill_account("card", "30012345"),
        lambda: sandbox.bill_account("power", "x"),
        lambda: sandbox.bill_account("power", "30012345", due=-1),
        lambda: sandbox.bill_account("power", "30012345", due_date="tomorrow"),
        lambda: sandbox.end_bill(number, "FAILED"),
        lambda: sandbox.end_bill(number, "LOST"),
        lambda: sandbox.deliver_bill(number),
    ):
        with pytest.raises(SandboxRefused):
            nonsense()
    assert sandbox.bill(number)["state"] == "SUCCESS"
