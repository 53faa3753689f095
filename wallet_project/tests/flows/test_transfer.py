"""From person to person, over HTTP: found, quoted, proven, sent; asked for, shared; off in a closed loop."""

import pytest

from wallet.models import Transfer
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.committed


@pytest.fixture
def friend(new_customer, new_phone, settled):
    """A new person whom others find by their phone."""

    def make(nickname, money=0, top_up=None):
        person = new_customer()
        person.bind_phone(new_phone())
        person.session.patch(f"{person.base_url}me", json={"nickname": nickname}).raise_for_status()
        settled()  # their wallet is open
        if money:
            top_up(person, money)
        return person

    return make


def transfer(payer, token, amount, **more):
    """Quoted and sent; a 428 on the way is answered."""
    quote = payer.post("wallet/quotes", {"kind": "transfer", "amount": amount, "payee": token})
    assert quote.status_code == 201, quote.text
    wish = {"payee_token": token, "amount": amount, "quote_id": quote.json()["id"], **more}
    return payer.post("wallet/transfers", wish)


def find(payer, payee):
    answer = payer.post("wallet/payees", {"phone": payee.phone})
    assert answer.status_code == 200, answer.text
    return answer.json()["payee_token"]


def total(person):
    return person.get("wallet").json()["total"]


def test_somebody_is_found_by_phone_and_sent_money(friend, top_up):
    payer, payee = friend("小明", 10_000, top_up), friend("小娜")
    found = payer.post("wallet/payees", {"phone": payee.phone}).json()
    assert (found["nickname"], found["name_masked"]) == ("小娜", None)
    token = found["payee_token"]
    quote = payer.post("wallet/quotes", {"kind": "transfer", "amount": 3_000, "payee": token}).json()
    wish = {"payee_token": token, "amount": 3_000, "quote_id": quote["id"], "remark": "午饭"}

    pin, payer.pin = payer.pin, ""
    asked = payer.post("wallet/transfers", wish)
    assert assert_error(asked, status=428, code="STEP_UP_REQUIRED")["operation"] == "转账 ¥30.00 小娜"
    assert (total(payer), total(payee)) == (10_000, 0)
    payer.pin = pin
    sent = payer.post("wallet/transfers", wish)

    assert sent.status_code == 201, sent.text
    assert (total(payer), total(payee)) == (7_000, 3_000)
    [out] = payer.get("wallet/records", kind="transfer_out").json()["items"]
    [into] = payee.get("wallet/records", kind="transfer_in").json()["items"]
    assert out["reference"] == into["reference"] == sent.json()["number"]
    again = payer.post("wallet/transfers", wish)
    assert_error(again, status=409, code="QUOTE_USED")


def test_a_receive_code_is_scanned_and_paid_to_the_fen(friend, top_up):
    payer, payee = friend("小明", 10_000, top_up), friend("小娜")
    shown = payee.post("wallet/receive-code", {"amount": 2_500, "remark": "奶茶"}).json()

    found = payer.post("wallet/payees", {"receive_code": shown["code"]}).json()
    assert (found["amount"], found["remark"]) == (2_500, "奶茶")
    other = transfer(payer, found["payee_token"], 2_400)
    assert_error(other, status=409, code="AMOUNT_NOT_ASKED")
    sent = transfer(payer, found["payee_token"], 2_500)

    assert sent.status_code == 201, sent.text
    assert (total(payer), total(payee)) == (7_500, 2_500)


def test_what_waits_is_taken_by_whom_it_is_for(friend, top_up):
    payer, payee, stranger = friend("小明", 10_000, top_up), friend("小娜"), friend("小刚")
    sent = transfer(payer, find(payer, payee), 1_000, accept_within_hours=24).json()
    assert payer.get("wallet").json()["held"] == 1_000

    assert_error(stranger.post(f"wallet/transfers/{sent['number']}/accept"), status=404, code="NOT_FOUND")
    assert payee.post(f"wallet/transfers/{sent['number']}/accept").status_code == 200

    assert (total(payer), total(payee), total(stranger)) == (9_000, 1_000, 0)
    assert payer.get("wallet").json()["held"] == 0


def test_somebody_asks_and_is_paid_once(friend, top_up):
    asker, payer = friend("小娜"), friend("小明", 10_000, top_up)
    made = asker.post("wallet/requests", {"payee_token": find(asker, payer), "amount": 3_000}).json()
    opened = payer.get(f"wallet/requests/{made['number']}").json()

    paid = transfer(payer, opened["payee_token"], 3_000)

    assert paid.status_code == 201, paid.text
    assert paid.json()["request_number"] == made["number"]
    assert asker.get(f"wallet/requests/{made['number']}").json()["state"] == "PAID"
    assert_error(transfer(payer, opened["payee_token"], 3_000), status=409, code="REQUEST_OVER")
    assert (total(asker), total(payer)) == (3_000, 7_000)


def test_three_share_a_bill_and_see_who_has_paid(friend, top_up):
    organiser = friend("小娜")
    one, other = friend("小明", 10_000, top_up), friend("小红", 10_000, top_up)
    wish = {"total": 10_000, "title": "火锅", "places": [{"payee_token": find(organiser, one)}, {}]}
    split = organiser.post("wallet/splits", wish).json()
    other.post("wallet/splits/join", {"link": split["link"]}).raise_for_status()

    for person, so_far in ((one, 1), (other, 2)):
        shared = person.get(f"wallet/splits/{split['number']}").json()
        number = next(share["request_number"] for share in shared["shares"] if share["request_number"])
        request = person.get(f"wallet/requests/{number}").json()
        assert transfer(person, request["payee_token"], request["amount"]).status_code == 201
        seen = one.get(f"wallet/splits/{split['number']}").json()
        assert [share["state"] for share in seen["shares"]].count("PAID") == so_far

    after = organiser.get(f"wallet/splits/{split['number']}").json()
    assert (after["state"], after["paid_amount"] + after["own"]) == ("PAID_UP", 10_000)
    assert total(organiser) + after["own"] == 10_000


def test_a_token_is_no_good_to_anybody_else(friend, top_up):
    payer, payee, thief = friend("小明", 10_000, top_up), friend("小娜"), friend("小刚", 10_000, top_up)
    token = find(payer, payee)

    stolen = transfer(thief, token, 1_000)
    made_up = transfer(thief, token[:-6] + "AAAAAA", 1_000)

    for refused in (stolen, made_up):
        assert_error(refused, status=409, code="PAYEE_TOKEN_REFUSED")
    assert (total(payer), total(payee), total(thief)) == (10_000, 0, 10_000)


def test_a_closed_loop_refuses_all_of_it(friend, top_up, settings):
    payer, payee = friend("小明", 10_000, top_up), friend("小娜")
    token = find(payer, payee)
    quote = payer.post("wallet/quotes", {"kind": "transfer", "amount": 100, "payee": token}).json()
    settings.WALLET_MODE = "closed_loop"

    refused = [
        payer.post("wallet/payees", {"phone": payee.phone}),
        payer.get("wallet/receive-code"),
        payer.post("wallet/transfers", {"payee_token": token, "amount": 100, "quote_id": quote["id"]}),
        payer.post("wallet/requests", {"amount": 100}),
        payer.post("wallet/splits", {"total": 100, "places": [{}]}),
    ]

    for answer in refused:
        assert_error(answer, status=403, code="NOT_IN_THIS_MODE")
    assert (total(payer), total(payee)) == (10_000, 0)
    settings.WALLET_MODE = "licensed"
    assert not Transfer.objects.filter(receiver__nickname="小娜", amount=100).exists()
