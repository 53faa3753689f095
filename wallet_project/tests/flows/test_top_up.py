"""Money in: prepay, the payer confirms, WeChat calls back, the wallet is credited once."""

from wallet_project.kit.testing.assertions import assert_error


def test_a_confirmed_top_up_is_credited_to_the_fen(customer, sandbox, outbox):
    started = customer.post("wallet/top-ups", {"amount": 10_000})

    assert started.status_code == 201, started.text
    assert customer.get("wallet").json()["available"] == 0

    customer.confirm(started.json()["pay_params"])
    sandbox.wait_for_notices()
    outbox.deliver()

    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["principal"]) == (10_000, 10_000)
    number = started.json()["top_up"]["number"]
    assert customer.get(f"wallet/top-ups/{number}").json()["state"] == "CREDITED"
    records = customer.get("wallet/records").json()["items"]
    assert [(line["kind"], line["amount"], line["balance_after"]) for line in records] == [
        ("top_up", 10_000, 10_000)
    ]


def test_an_amount_that_is_no_whole_number_of_fen_is_refused(customer):
    for amount in (0, -1, 1.0, "100", True, None, 10**20):
        answer = customer.post("wallet/top-ups", {"amount": amount})

        assert answer.status_code == 400, (amount, answer.text)
    assert_error(customer.post("wallet/top-ups", {"amount": 500_001}), 400, "INVALID_INPUT")
