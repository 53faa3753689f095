"""Prepay, query and close keep the published rules."""


def test_an_order_is_placed_paid_and_told(merchant, sandbox):
    order = merchant.order(attach="餐桌 8")

    prepaid = merchant.prepay(order)
    before = merchant.query(order["out_trade_no"])
    paid = sandbox.confirm(
        prepaid.json()["prepay_id"], pay_sign=merchant.pay_sign(prepaid.json()["prepay_id"])
    )
    after = merchant.query(order["out_trade_no"])

    assert prepaid.status_code == 200
    assert before.json()["trade_state"] == "NOTPAY"
    assert "transaction_id" not in before.json()
    told = after.json()
    assert told["trade_state"] == "SUCCESS"
    assert told["transaction_id"] == paid["transaction_id"]
    assert told["amount"] == {"total": 1250, "payer_total": 1250, "currency": "CNY", "payer_currency": "CNY"}
    assert told["attach"] == "餐桌 8"
    assert merchant.query_transaction(paid["transaction_id"]).json() == told
    assert sandbox.book() | {"refunding": 0} == {
        "paid": 1250, "refunded": 0, "balance": 1250, "payments": 1, "refunds": 0, "refunding": 0
    }  # fmt: skip
