"""What goes wrong on request: before applying nothing has happened, after applying everything has."""

import time

import pytest
import requests

from wallet_project.sandbox.client import SandboxRefused


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("error_before", 500, "SYSTEM_ERROR"), ("rate_limited", 429, "FREQUENCY_LIMITED")],
)
def test_a_refusal_before_applying_leaves_no_order(merchant, sandbox, kind, status, code):
    order = merchant.order()
    sandbox.fault(kind)

    refused = merchant.prepay(order)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert sandbox.payments() == []
    assert merchant.prepay(order).status_code == 200


def test_a_failure_after_applying_leaves_the_order(merchant, sandbox):
    order = merchant.order()
    sandbox.fault("error_after")

    refused = merchant.prepay(order)

    assert (refused.status_code, refused.json()["code"]) == (500, "SYSTEM_ERROR")
    assert "Wechatpay-Signature" not in refused.headers
    assert merchant.query(order["out_trade_no"]).json()["trade_state"] == "NOTPAY"


@pytest.mark.parametrize("kind", ["unsigned", "bad_signature", "signtest", "unknown_serial"])
def test_an_untrustworthy_answer_has_been_carried_out(merchant, sandbox, kind):
    order = merchant.order()
    sandbox.fault(kind)

    answer = merchant.prepay(order)

    assert answer.status_code == 200
    assert ("Wechatpay-Signature" in answer.headers) == (kind != "unsigned")
    assert kind == "unsigned" or not merchant.trusts(answer.headers, answer.content)
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize(("kind", "orders"), [("reset", 0), ("reset_after", 1)])
def test_a_broken_connection_is_no_answer(merchant, sandbox, kind, orders):
    sandbox.fault(kind)

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        merchant.prepay(merchant.order())

    assert len(sandbox.payments()) == orders


@pytest.mark.parametrize(("kind", "orders"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_timeout_is_no_answer(merchant, sandbox, kind, orders):
    sandbox.fault(kind, seconds=1)

    with pytest.raises(requests.ReadTimeout):
        merchant.prepay(merchant.order(), timeout=0.3)

    time.sleep(0.8)
    assert len(sandbox.payments()) == orders


def test_a_fault_waits_for_its_path_and_its_times(merchant, sandbox):
    order = merchant.order()
    sandbox.fault("error_before", path="/v3/pay/transactions/out-trade-no/", times=2)

    placed = merchant.prepay(order)
    answers = [merchant.query(order["out_trade_no"]).status_code for _ in range(3)]

    assert placed.status_code == 200
    assert answers == [500, 500, 200]
    assert sandbox.faults() == []


def test_an_unknown_fault_is_refused(sandbox):
    with pytest.raises(SandboxRefused):
        sandbox.fault("earthquake")
    with pytest.raises(SandboxRefused):
        sandbox.fault("reset", times="many")

    assert sandbox.faults() == []
