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
