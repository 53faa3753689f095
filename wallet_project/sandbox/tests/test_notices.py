"""Callbacks are signed, encrypted, repeated on the published schedule, and misbehave when asked to."""

import json
import time

import pytest


@pytest.fixture
def paid(merchant, sandbox, receiver):
    """Pay one order; its callback goes to the receiver."""

    def pay(**wish):
        order = merchant.order(notify_url=receiver.url)
        prepay_id = merchant.prepay(order).json()["prepay_id"]
        return order, sandbox.confirm(prepay_id, **wish)

    return pay


def test_a_payment_is_announced_signed_and_sealed(merchant, sandbox, receiver, paid):
    order, payment = paid()

    [notice] = receiver.wait_for(1)

    envelope = json.loads(notice.body)
    told = json.loads(merchant.open(envelope["resource"]))
    assert merchant.trusts(notice.headers, notice.body)
    assert abs(int(notice.headers["Wechatpay-Timestamp"]) - time.time()) < 5
    assert notice.headers["User-Agent"] == "Mozilla/4.0"
    assert (envelope["event_type"], envelope["resource_type"]) == ("TRANSACTION.SUCCESS", "encrypt-resource")
    assert envelope["resource"]["original_type"] == envelope["resource"]["associated_data"] == "transaction"
    assert told["transaction_id"] == payment["transaction_id"]
    assert told == merchant.query(order["out_trade_no"]).json()
    [sent] = sandbox.wait_for_notices()
    assert (sent["state"], [attempt["status"] for attempt in sent["attempts"]]) == ("DELIVERED", [204])


def test_a_failed_callback_is_repeated_on_the_published_schedule(sandbox, receiver, paid):
    receiver.answers = [500] * 99
    schedule = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
    paid()
    receiver.wait_for(1)

    for number, pause in enumerate(schedule, start=2):
        sandbox.wait_for_notices()
        sandbox.advance(pause - 1.5)
        sandbox.wait_for_notices()
        early = len(receiver.received)
        sandbox.advance(1.5)
        receiver.wait_for(number)
        assert early == number - 1

    [sent] = sandbox.wait_for_notices()
    assert (sent["state"], len(sent["attempts"])) == ("GIVEN_UP", 16)
    assert sum(schedule) == 24 * 3600 + 4 * 60


def test_a_repeat_is_the_same_event_signed_anew(merchant, sandbox, receiver, paid):
    receiver.answers = [500, 302]
    sandbox.scale_notices(0.001)
    paid()

    sent = receiver.wait_for(3)

    assert len({json.loads(one.body)["id"] for one in sent}) == 1
    assert len({one.headers["Wechatpay-Nonce"] for one in sent}) == 3
    assert all(merchant.trusts(one.headers, one.body) for one in sent)
    assert sandbox.wait_for_notices()[0]["state"] == "DELIVERED"


def test_an_answer_after_five_seconds_is_no_answer(sandbox, receiver, paid):
    receiver.slowness = 5.5
    paid()
    receiver.wait_for(1)

    [sent] = sandbox.wait_for_notices()

    assert sent["state"] == "WAITING"
    [attempt] = sent["attempts"]
    assert (attempt["status"], attempt["answer"]) == (None, "ReadTimeout")


@pytest.mark.parametrize("flaw", ["signtest", "wrong_serial", "stale", "tampered"])
def test_a_flawed_callback_is_followed_by_a_good_one(merchant, sandbox, receiver, paid, flaw):
    sandbox.misbehave(flaw)
    sandbox.scale_notices(0.001)
    receiver.answers = [401]
    paid()

    flawed, good = receiver.wait_for(2)

    too_old = time.time() - int(flawed.headers["Wechatpay-Timestamp"]) > 300
    assert too_old == (flaw == "stale")
    assert merchant.trusts(flawed.headers, flawed.body) == (flaw == "stale")
    assert flawed.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/") == (flaw == "signtest")
    assert merchant.trusts(good.headers, good.body)
    assert merchant.open(json.loads(good.body)["resource"])


def test_a_duplicate_comes_although_answered(sandbox, receiver, paid):
    sandbox.misbehave("duplicate", count=3)
    paid()

    sent = receiver.wait_for(4)

    assert len({json.loads(one.body)["id"] for one in sent}) == 1
    assert sandbox.wait_for_notices()[0]["state"] == "DELIVERED"


def test_reordered_callbacks_arrive_newest_first(merchant, sandbox, receiver, paid):
    sandbox.misbehave("reorder", times=2)
    numbers = [paid()[0]["out_trade_no"] for _ in range(3)]

    sent = receiver.wait_for(3)

    told = [json.loads(merchant.open(json.loads(one.body)["resource"]))["out_trade_no"] for one in sent]
    assert told == list(reversed(numbers))


def test_a_delayed_callback_comes_later_and_a_dropped_one_never(sandbox, receiver, paid):
    sandbox.misbehave("delay", seconds=60)
    sandbox.misbehave("drop")
    paid()
    paid()
    sandbox.wait_for_notices()
    before = len(receiver.received)

    sandbox.advance(60)

    receiver.wait_for(1)
    dropped, delayed = sandbox.wait_for_notices()
    assert before == 0
    assert (delayed["state"], dropped["state"], dropped["attempts"]) == ("DELIVERED", "DROPPED", [])


def test_a_callback_may_be_sent_again_by_hand(sandbox, receiver, paid):
    paid()
    receiver.wait_for(1)
    [notice] = sandbox.wait_for_notices()
    receiver.answers = [503]

    again = sandbox.resend(notice["id"], flaw="stale")

    assert [attempt["status"] for attempt in again["attempts"]] == [204, 503]
    assert receiver.received[0].body != receiver.received[1].body
    assert json.loads(receiver.received[1].body)["id"] == notice["event_id"]


def test_a_forged_callback_is_genuinely_signed_whatever_it_says(merchant, sandbox, receiver):
    resource = {"out_trade_no": "Tunknown", "amount": {"total": 1, "currency": "USD"}}

    sent = sandbox.forge("TRANSACTION.SUCCESS", resource, receiver.url)

    [got] = receiver.received
    assert merchant.trusts(got.headers, got.body)
    assert json.loads(merchant.open(json.loads(got.body)["resource"])) == resource
    assert ([attempt["status"] for attempt in sent["attempts"]], sent["state"]) == ([204], "DELIVERED")


def test_a_forged_callback_may_be_bent(merchant, sandbox, receiver):
    def forge(**changes):
        sandbox.forge("TRANSACTION.SUCCESS", {"a": 1}, receiver.url, **changes)
        return receiver.received[-1]

    future = forge(timestamp="99999999999999999999")
    headless = forge(headers={"Wechatpay-Nonce": None, "Wechatpay-Signature": "no base64!"})
    garbled = forge(plaintext="not json")
    cut = forge(resource_changes={"associated_data": "other"})

    assert future.headers["Wechatpay-Timestamp"] == "99999999999999999999"
    assert merchant.trusts(future.headers, future.body)
    assert "Wechatpay-Nonce" not in headless.headers
    assert merchant.open(json.loads(garbled.body)["resource"]) == b"not json"
    assert merchant.trusts(cut.headers, cut.body)
    assert json.loads(cut.body)["resource"]["associated_data"] == "other"
