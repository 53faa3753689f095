"""Paying from the balance asks for proof: of this payment, by this person, on this device, once."""

import pytest

from accounts.models import SoterCounter, WeChatIdentity, WrongPin
from accounts.tests.factories import known_by_name
from payments.models import Payment
from wallet_project.kit.testing.assertions import assert_error


def pay_path(number):
    return f"orders/{number}/pay"


def ask(customer, number, **more):
    """The 428 itself, answered by nobody."""
    answer = customer._send("POST", pay_path(number), {"method": "balance"}, key=None, grant="", **more)
    return assert_error(answer, 428, "STEP_UP_REQUIRED")


def untouched(customer, number, balance):
    wallet = customer.get("wallet").json()
    assert (wallet["available"], wallet["held"]) == (balance, 0)
    assert customer.get(f"orders/{number}").json()["state"] == "OPEN"
    assert not Payment.objects.filter(order__number=number).exists()


def test_a_payment_waits_for_the_pin_and_then_happens(customer, top_up, place_order):
    top_up(customer, 10_000)
    number = place_order(customer, 3_500)

    asked = ask(customer, number)
    assert asked["operation"] == "支付订单 ¥35.00 人民路店"
    assert (asked["amount"], asked["factors"]) == (3_500, [["PIN"]])
    untouched(customer, number, 10_000)
    shown = customer.get(f"me/step-up/{asked['challenge_id']}").json()
    assert (shown["state"], shown["grant"]) == ("OPEN", None)

    proven = customer.post(f"me/step-up/{asked['challenge_id']}/pin", {"pin": customer.pin}).json()
    assert proven["state"] == "PROVEN"
    paid = customer.post(pay_path(number), {"method": "balance"}, grant=proven["grant"])

    assert paid.json()["order"]["state"] == "PAID"
    assert customer.get("wallet").json()["available"] == 6_500
    assert customer.get(f"me/step-up/{asked['challenge_id']}").json()["state"] == "SPENT"


def test_the_key_of_a_payment_that_waited_for_proof_is_good_for_it(customer, top_up, place_order):
    top_up(customer, 10_000)
    number = place_order(customer, 3_500)

    paid = customer.post(pay_path(number), {"method": "balance"}, key="one-intention-in-two-steps")
    again = customer.post(pay_path(number), {"method": "balance"}, key="one-intention-in-two-steps")

    assert paid.status_code == again.status_code == 200
    assert paid.content == again.content
    assert customer.get("wallet").json()["available"] == 6_500


def test_a_grant_pays_no_other_order_and_not_twice(customer, top_up, place_order):
    top_up(customer, 10_000)
    first, same_price, dearer = (place_order(customer, amount) for amount in (3_000, 3_000, 3_001))
    grant = customer.grant_for(pay_path(first), {"method": "balance"})

    for other in (same_price, dearer):
        refused = customer.post(pay_path(other), {"method": "balance"}, grant=grant)
        assert_error(refused, 403, "STEP_UP_REFUSED")
        untouched(customer, other, 10_000)
    assert customer.post(pay_path(first), {"method": "balance"}, grant=grant).status_code == 200
    assert_error(
        customer.post(pay_path(same_price), {"method": "balance"}, grant=grant), 403, "STEP_UP_REFUSED"
    )


def test_a_stolen_grant_or_challenge_is_worth_nothing_to_others(new_customer, top_up, place_order):
    owner, thief = new_customer(), new_customer()
    top_up(owner, 10_000)
    number = place_order(owner, 3_000)
    asked = ask(owner, number)
    grant = owner.grant_for(pay_path(number), {"method": "balance"})

    theirs = place_order(thief, 3_000)
    top_up(thief, 10_000)
    assert_error(thief.post(pay_path(theirs), {"method": "balance"}, grant=grant), 403, "STEP_UP_REFUSED")
    for call in (thief.get, lambda path: thief.post(f"{path}/pin", {"pin": owner.pin})):
        assert_error(call(f"me/step-up/{asked['challenge_id']}"), 404, "NOT_FOUND")
    untouched(thief, theirs, 10_000)


def test_the_balance_part_of_a_combined_payment_is_proven_wechats_is_not(
    customer, top_up, place_order, pay, settled
):
    number = place_order(customer, 9_999)
    without_balance = customer._send("POST", pay_path(number), {"method": "combined"}, key=None, grant="")
    assert without_balance.json()["from_channel"] == 9_999

    top_up(customer, 3_000)
    other = place_order(customer, 5_000)
    asked = customer._send("POST", pay_path(other), {"method": "combined"}, key=None, grant="")
    assert assert_error(asked, 428, "STEP_UP_REQUIRED")["amount"] == 3_000

    started = pay(customer, other, "combined")
    assert (started["from_balance"], started["from_channel"]) == (3_000, 2_000)
    customer.confirm(started["pay_params"])
    settled()
    assert customer.get(f"orders/{other}").json()["state"] == "PAID"


def test_money_that_comes_in_while_the_pin_is_typed_is_not_taken_unasked(customer, top_up, place_order):
    top_up(customer, 3_000)
    number = place_order(customer, 5_000)
    grant = customer.grant_for(pay_path(number), {"method": "combined"})
    top_up(customer, 1_000)

    refused = customer.post(pay_path(number), {"method": "combined"}, grant=grant)

    assert_error(refused, 403, "STEP_UP_REFUSED")
    untouched(customer, number, 4_000)


def test_whoever_has_no_pin_is_told_to_set_one(newcomer, top_up, place_order):
    somebody = newcomer()
    top_up(somebody, 1_000)
    number = place_order(somebody, 500)

    refused = somebody.post(pay_path(number), {"method": "balance"}, key="set-a-pin-and-come-back")
    assert_error(refused, 409, "PIN_NOT_SET")
    somebody.set_pin()

    paid = somebody.post(pay_path(number), {"method": "balance"}, key="set-a-pin-and-come-back")
    assert paid.json()["order"]["state"] == "PAID"


@pytest.mark.committed
def test_of_sixty_four_guesses_at_once_five_are_evaluated(customer, top_up, place_order, in_parallel):
    top_up(customer, 1_000)
    number = place_order(customer, 500)
    challenge = ask(customer, number)["challenge_id"]

    def guess(pin):
        return customer.post(f"me/step-up/{challenge}/pin", {"pin": pin})

    answers = in_parallel([lambda n=n: guess(f"31{n:04d}") for n in range(64)])

    codes = [answer.json()["code"] for answer in answers]
    assert codes.count("PIN_WRONG") + codes.count("PIN_LOCKED") + codes.count("TOO_MANY_REQUESTS") == 64
    assert WrongPin.objects.filter(user__wechat_identities__openid=customer.openid).count() == 5
    assert_error(guess(customer.pin), 403, "PIN_LOCKED")
    state = customer.get("me/pin").json()
    assert (state["tries_left"], state["must_be_reset"]) == (0, False)
    untouched(customer, number, 1_000)


def test_a_finger_on_a_phone_that_wechat_vouches_for_is_a_factor(
    customer, new_phone, sandbox, top_up, place_order
):
    customer.bind_phone(new_phone())
    top_up(customer, 50_000)
    number = place_order(customer, 20_001)
    asked = ask(customer, number)
    assert asked["factors"] == [["PIN", "SOTER"], ["PIN", "SMS"]]
    path = f"me/step-up/{asked['challenge_id']}"

    def soter(challenge=asked["soter_challenge"], **wish):
        given = sandbox.soter(customer.openid, customer.device_id, challenge, **wish)
        body = {"result_json": given["resultJSON"], "signature": given["resultJSONSignature"]}
        return customer.post(f"{path}/soter", body)

    assert_error(soter(forged=True), 403, "FACTOR_REFUSED")
    assert_error(soter(challenge="another-operation"), 403, "FACTOR_REFUSED")
    sandbox.fault("timeout_before", path="/cgi-bin/soter", seconds=0.1)
    assert_error(soter(), 503, "WECHAT_UNAVAILABLE")
    assert customer.get(path).json()["proven"] == []

    assert soter(counter=9).json()["proven"] == ["SOTER"]
    assert_error(soter(counter=9), 403, "FACTOR_REFUSED")  # the same result once more
    grant = customer.post(f"{path}/pin", {"pin": customer.pin}).json()["grant"]
    paid = customer.post(pay_path(number), {"method": "balance"}, grant=grant)

    assert paid.json()["order"]["state"] == "PAID"
    assert SoterCounter.objects.get(device__device_id=customer.device_id).counter == 9


def test_somebody_elses_finger_or_wechat_proves_nothing(new_customer, newcomer, sandbox):
    customer, other = new_customer(), newcomer()
    asked = newcomer()
    detail = assert_error(
        asked._send("POST", "me/pin", {"pin": "705914"}, key=None, grant=""), 428, "STEP_UP_REQUIRED"
    )
    path = f"me/step-up/{detail['challenge_id']}/wechat"

    assert_error(asked.post(path, {"code": sandbox.login_code(other.openid)["code"]}), 403, "FACTOR_REFUSED")
    assert_error(asked.post(path, {"code": "made-up"}), 401, "WECHAT_CODE_REFUSED")
    assert customer.get("me/pin").json()["is_set"]
    assert not asked.get("me/pin").json()["is_set"]


def test_with_a_phone_more_money_moves_by_pin_and_text_message(newcomer, new_phone, top_up, place_order):
    customer = newcomer()
    customer.bind_phone(new_phone())
    customer.set_pin()
    known_by_name(WeChatIdentity.objects.get(openid=customer.openid).user)
    top_up(customer, 120_000)
    number = place_order(customer, 110_000)

    asked = ask(customer, number)
    assert asked["factors"] == [["PIN", "SMS"]]
    half = customer.post(f"me/step-up/{asked['challenge_id']}/pin", {"pin": customer.pin}).json()
    assert (half["state"], half["grant"]) == ("OPEN", None)

    assert customer.post(pay_path(number), {"method": "balance"}).json()["order"]["state"] == "PAID"
