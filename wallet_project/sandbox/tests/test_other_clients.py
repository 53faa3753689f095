"""Somebody else's client, written without us, is content with the sandbox: the PyPI package `wechatpayv3`."""

import json
import shutil
import time
from pathlib import Path

import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from wallet_project.sandbox.tests.merchant import new_number

PAYER = {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}
AMOUNT = {"total": 1_250, "currency": "CNY"}


@pytest.fixture
def connect(sandbox):
    def connect(**key_mode):
        credentials = sandbox.credentials
        client = WeChatPay(
            wechatpay_type=WeChatPayType.MINIPROG,
            mchid=credentials["mchid"],
            private_key=Path(credentials["merchant_private_key"]).read_text(),
            cert_serial_no=credentials["merchant_serial"],
            apiv3_key=credentials["apiv3_key"],
            appid=credentials["appid"],
            notify_url="http://127.0.0.1:9/callbacks",
            **key_mode,
        )
        client._core._gate_way = sandbox.base_url
        return client

    return connect


@pytest.fixture
def client(connect, sandbox):
    credentials = sandbox.credentials
    public_key = Path(credentials["public_key"]).read_text()
    return connect(public_key=public_key, public_key_id=credentials["public_key_id"])


def test_it_places_pays_queries_and_refunds_an_order(client, sandbox):
    number = new_number()

    placed = answer(client.pay(description="一杯咖啡", out_trade_no=number, amount=AMOUNT, payer=PAYER))
    prepay_id = placed["prepay_id"]
    sandbox.confirm(prepay_id, pay_sign=pay_sign(client, sandbox, prepay_id), notify=False)
    paid = answer(client.query(out_trade_no=number))
    by_id = answer(client.query(transaction_id=paid["transaction_id"]))
    accepted = answer(
        client.refund(out_refund_no=f"R{number}", out_trade_no=number, amount=AMOUNT | {"refund": 1_250})
    )
    sandbox.wait_for_notices(20)
    refunded = answer(client.query_refund(f"R{number}"))

    assert paid == by_id
    assert (paid["trade_state"], paid["amount"]["total"]) == ("SUCCESS", 1_250)
    assert (accepted["status"], refunded["status"]) == ("PROCESSING", "SUCCESS")
    assert (sandbox.book()["paid"], sandbox.book()["balance"]) == (1_250, 0)


def test_it_closes_an_order(client):
    number = new_number()
    answer(client.pay(description="一杯咖啡", out_trade_no=number, amount=AMOUNT, payer=PAYER))

    code, _ = client.close(number)

    assert code == 204
    assert answer(client.query(out_trade_no=number))["trade_state"] == "CLOSED"


def test_it_opens_our_callbacks(client, sandbox, receiver):
    number = new_number()
    placed = answer(
        client.pay(
            description="一杯咖啡", out_trade_no=number, amount=AMOUNT, payer=PAYER, notify_url=receiver.url
        )
    )

    sandbox.confirm(placed["prepay_id"])
    [notice] = receiver.wait_for(1)

    opened = client.callback(notice.headers, notice.body)
    assert (opened["event_type"], opened["resource"]["out_trade_no"]) == ("TRANSACTION.SUCCESS", number)
    assert client.callback(notice.headers, notice.body.replace(b"TRANSACTION", b"TRANSACTIOM")) is None


def test_it_works_with_certificates_and_learns_a_rotated_one(connect, sandbox, tmp_path):
    sandbox.use_keys("certificate")
    shutil.copy(sandbox.credentials["platform_cert"], tmp_path)
    client = connect(cert_dir=str(tmp_path))
    number = new_number()
    answer(client.pay(description="一杯咖啡", out_trade_no=number, amount=AMOUNT, payer=PAYER))

    serial = sandbox.rotate_keys()["signer"]

    assert not (tmp_path / f"{serial}.pem").exists()
    assert answer(client.query(out_trade_no=number))["trade_state"] == "NOTPAY"
    assert (tmp_path / f"{serial}.pem").exists()


@pytest.mark.parametrize("kind", ["unsigned", "bad_signature", "signtest"])
def test_it_rejects_what_should_be_rejected(client, sandbox, kind):
    sandbox.fault(kind)

    with pytest.raises(Exception, match=r"failed to verify|does not support"):
        client.pay(description="一杯咖啡", out_trade_no=new_number(), amount=AMOUNT, payer=PAYER)


def answer(result):
    code, text = result
    assert code == 200, text
    return json.loads(text)


def pay_sign(client, sandbox, prepay_id):
    timestamp, nonce, package = (
        str(int(time.time())),
        "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
        f"prepay_id={prepay_id}",
    )
    signature = client.sign([sandbox.credentials["appid"], timestamp, nonce, package])
    return {
        "timeStamp": timestamp,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": signature,
    }
