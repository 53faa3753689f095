"""What people and partners entrust to us is used, and is then nowhere to be read."""

import base64
import logging
import random
import re
import uuid

import pytest

from accounts.tests.admin.conftest import PASSWORD, Colleague
from accounts.tests.factories import new_id_number
from payments.models import BillPayee
from payments.tests.factories import biller, new_card_number
from wallet_project.kit.testing.browser import Browser
from wallet_project.tests.leaks import (
    LogKeeper,
    everything_in_valkey,
    in_tables,
    in_texts,
    pattern_of,
    secrets_of_ours,
)


@pytest.fixture
def log():
    keeper = LogKeeper()
    logging.getLogger().addHandler(keeper)
    yield keeper
    logging.getLogger().removeHandler(keeper)


class Planted:
    """Secrets by name, and the answers to requests that went wrong."""

    def __init__(self):
        self.secrets = dict(secrets_of_ours())
        self.refusals = []

    def plant(self, name, secret):
        self.secrets[name] = secret
        return secret

    def plant_tokens(self, when, login):
        for name in ("access_token", "refresh_token"):
            for part, text in zip(("family", "secret"), login[name].split("."), strict=True):
                self.plant(f"{part} of the {name} of {when}", text)


@pytest.fixture
def planted():
    return Planted()


def live(planted, customer, sandbox, new_phone, top_up, place_order, shop):
    """A day of a customer, with everything that should go well."""
    login = customer.log_in(planted.plant("the login code", sandbox.login_code(customer.openid)["code"]))
    planted.plant_tokens("login", login)
    bind_a_phone(planted, customer, sandbox, new_phone())
    log_in_elsewhere(planted, customer, sandbox)
    tell_the_real_name(planted, customer)
    top_up(customer, 5_000)
    planted.plant("the PIN", customer.pin)
    pay_bills(planted, customer, sandbox)
    pay_with_a_pin(planted, customer, place_order(customer, 1_200))
    planted.plant("the shop's secret", shop.secret)
    shop.create_order(amount=700)
    refreshed = customer.post(
        "auth/refresh", {"refresh_token": login["refresh_token"], "device_id": customer.device_id}
    ).json()
    planted.plant_tokens("refresh", refreshed)
    customer.session.headers["Authorization"] = f"Bearer {refreshed['access_token']}"


def bind_a_phone(planted, customer, sandbox, phone):
    planted.plant("the phone", phone)
    code = planted.plant("the phone code", sandbox.phone_code(phone)["code"])
    assert customer.post("me/phone", {"code": code}).status_code == 200


def log_in_elsewhere(planted, customer, sandbox):
    """On a new device, by a code that came as a text message."""
    phone, device_id = planted.secrets["the phone"], f"device-{uuid.uuid4().hex[:12]}"
    assert customer.post("auth/codes", {"phone": phone, "device_id": device_id}).status_code < 300
    code = planted.plant("the code by text message", sandbox.sms_code(phone))
    login = customer.post("auth/phone", {"phone": phone, "code": code, "device_id": device_id})
    assert login.status_code == 200, login.text
    planted.plant_tokens("the other device", login.json())


def tell_the_real_name(planted, customer):
    text = next(text for text in customer.get("agreements").json()["items"] if text["kind"] == "REAL_NAME")
    consent = {name: text[name] for name in ("kind", "version", "hash")}
    assert customer.post("me/consents", {"agreements": [consent]}).status_code < 300
    wish = {
        "name": planted.plant("the real name", f"司徒{''.join(random.sample('雁南飞渡寒潭影落霞', 3))}"),
        "id_number": planted.plant("the ID number", new_id_number()),
        "valid_until": "2039-12-31",
    }
    applied = customer.post("me/kyc/applications", wish)
    assert (applied.status_code, applied.json()["state"]) == (201, "APPROVED"), applied.text


def pay_bills(planted, customer, sandbox):
    """A card is bound, typed in groups, and repaid; an account is asked about, and its bill paid."""
    biller("card"), biller("power")
    number = planted.plant("the card", new_card_number())
    planted.plant("the card, in groups", in_groups := " ".join(re.findall("....", number)))
    planted.plant("the card without its end", number[:12])
    wish = {"biller": "card", "card_number": in_groups, "holder": planted.secrets["the real name"]}
    card = customer.post("cards", wish)
    assert card.status_code == 201, card.text
    token = BillPayee.objects.get(uid=card.json()["id"]).reference
    planted.plant("the platform's token of the card", token)
    account = planted.plant("the account", f"{uuid.uuid4().int % 10**12:012d}")
    sandbox.bill_account("power", account, due=6_80)
    asked = customer.post("bill-queries", {"biller": "power", "account": account})
    assert asked.status_code == 200, asked.text
    for payee, amount in ((card.json()["id"], 3_00), (asked.json()["payee"], 6_80)):
        quote = customer.post("wallet/quotes", {"kind": "bill", "amount": amount, "payee": payee}).json()
        wish = {"payee": payee, "amount": amount, "quote_id": quote["id"]}
        grant = planted.plant(f"the grant for {amount}", customer.grant_for("bill-payments", wish))
        paid = customer.post("bill-payments", wish, grant=grant)
        assert paid.status_code == 201, paid.text


def pay_with_a_pin(planted, customer, number):
    wish = {"method": "balance"}
    grant = planted.plant("the grant", customer.grant_for(f"orders/{number}/pay", wish))
    paid = customer.post(f"orders/{number}/pay", wish, grant=grant)
    assert paid.status_code == 200, paid.text


def stumble(planted, customer, sandbox, shop):
    """The same secrets where no value of theirs belongs, and a WeChat that does not answer."""
    phone, code = planted.secrets["the phone"], planted.secrets["the phone code"]
    name, id_number = planted.secrets["the real name"], planted.secrets["the ID number"]
    sms_code = planted.secrets["the code by text message"]
    token = customer.session.headers["Authorization"].removeprefix("Bearer ")
    unheard = planted.plant("the code WeChat did not hear of", sandbox.phone_code(phone)["code"])
    sandbox.fault("reset", path="/wxa/", times=1)
    planted.refusals += [
        customer.post("me/phone", {"code": unheard}),
        customer.post("me/phone", {"code": code}),
        customer.post("me/phone", {"code": phone, "phone": phone}),
        customer.post("me/phone", f"{phone} {token}"),
        customer.post("auth/phone", {"phone": phone, "code": sms_code, "device_id": customer.device_id}),
        customer.post("me/kyc/applications", {"name": id_number, "id_number": name, "valid_until": phone}),
        customer.post("me/kyc/applications", {"name": name, "id_number": id_number, "valid_until": None}),
        customer.post("auth/login", {"code": planted.secrets["the login code"], "device_id": "d-1"}),
        customer.post("auth/login", {"code": [token], "device_id": {"phone": phone}}),
        customer.post("wallet/top-ups", {"amount": phone}),
        *cards_where_they_do_not_belong(planted, customer, sandbox),
        customer.post("orders", {"store": [phone], "amount": 1, "remark": token}),
        customer.get("orders", phone=phone, access_token=token, cursor=token),
        *wrong_pins(planted, customer),
        shop.call("POST", "orders", {"title": phone}, signature=shop.secret),
        customer.post(
            "auth/refresh", {"refresh_token": token, "device_id": customer.device_id}
        ),  # ends the session
    ]
    assert [answer.url for answer in planted.refusals if answer.status_code < 400] == []


def cards_where_they_do_not_belong(planted, customer, sandbox):
    """Mistyped, of nobody, in another field, and while the platform is away."""
    card, account = planted.secrets["the card"], planted.secrets["the account"]
    sandbox.fault("reset", path="/billers/v1/", times=2)
    wish = {"biller": "card", "card_number": card, "holder": "张伟"}
    return [
        customer.post("cards", wish),
        customer.post("bill-queries", {"biller": "power", "account": account}),
        customer.post("cards", wish | {"card_number": f"{card[:-1]}{(int(card[-1]) + 1) % 10}"}),
        customer.post("cards", wish | {"holder": card}),
        customer.post("cards", {"biller": card, "card_number": [card], "account": account}),
        customer.post("bill-queries", {"biller": "power", "account": card}),
        customer.post("bill-queries", {"payee": card}),
    ]


def wrong_pins(planted, customer):
    """Too weak, where an amount belongs, asked for and given wrong."""
    weak, wrong = planted.plant("a weak PIN", "505050"), planted.plant("a wrong PIN", "730918")
    asked = customer._send("PUT", "me/pin", {"pin": planted.plant("a new PIN", "618203")}, key=None, grant="")
    return [
        asked,
        customer.post(f"me/step-up/{asked.json()['detail']['challenge_id']}/pin", {"pin": wrong}),
        customer.post("me/pin", {"pin": weak}),
        customer.post("orders", {"store": "nowhere", "amount": customer.pin, "remark": customer.pin}),
    ]


def places(log, planted, cursor):
    """Name → how to look there for a pattern."""
    valkey = everything_in_valkey()
    return {
        "the log": lambda pattern: in_texts(pattern, log.written),
        "the log, before the net": lambda pattern: in_texts(pattern, log.before_the_net),
        "refusals": lambda pattern: in_texts(pattern, [answer.text for answer in planted.refusals]),
        "Valkey": lambda pattern: in_texts(pattern, valkey),
        "the tables": lambda pattern: in_tables(pattern, cursor),
    }


def found(log, planted, cursor):
    """(Secret, place) → what was found there."""
    return {
        (name, place): hits
        for place, look in places(log, planted, cursor).items()
        if look(pattern_of(*planted.secrets.values()))  # one look for all; only a hit is worth one for each
        for name, secret in planted.secrets.items()
        if (hits := look(pattern_of(secret)))
    }


def test_no_secret_comes_to_lie_anywhere(
    log,
    planted,
    customer,
    sandbox,
    new_phone,
    top_up,
    place_order,
    shop,
    settled,
    owner_cursor,
):
    live(planted, customer, sandbox, new_phone, top_up, place_order, shop)
    stumble(planted, customer, sandbox, shop)
    settled()

    assert found(log, planted, owner_cursor) == {}
    assert len(log.written) > 20


def test_nothing_of_how_staff_log_in_comes_to_lie_anywhere(log, planted, committed_db, owner_cursor):
    colleague = Colleague(f"lin-{uuid.uuid4().hex[:8]}")
    planted.plant("the password", PASSWORD)
    planted.plant("the authenticator's secret", base64.b32encode(colleague.secret).decode())
    for code in colleague.recovery_codes[:2]:
        planted.plant(f"recovery code {code}", code)
        planted.plant(f"recovery code {code} without dashes", code.replace("-", ""))
    wrong, right = planted.plant("a wrong code", "730918"), planted.plant("a code", colleague.code())

    colleague.knock(password=f"{PASSWORD}!")
    colleague.knock(code=wrong)
    colleague.browser.post("/admin/login/", {"username": PASSWORD, "password": "", "code": right})
    colleague.knock(code=right)
    assert colleague.is_in
    colleague.browser.post("/admin/second-factor/", {"wish": "renew", "code": wrong})
    colleague.browser = Browser()
    colleague.rest()
    colleague.knock(code=colleague.recovery_codes[0])
    assert colleague.is_in

    assert found(log, planted, owner_cursor) == {}


def test_the_search_finds_what_lies_there(log, planted, customer, owner_cursor):
    """Or the test above could not fail."""
    logging.getLogger("kit").info("for %s", "17500001111", extra={"reason": "code 730918"})
    nickname = customer.get("me").json()["nickname"]
    looks = places(log, planted, owner_cursor)

    assert looks["the log, before the net"](pattern_of("17500001111"))
    assert looks["the log"](pattern_of("17500001111")) == []
    assert looks["the log"](pattern_of("730918"))
    assert "accounts_user.nickname" in looks["the tables"](pattern_of(nickname))
    assert "accounts_wechatidentity.openid" in looks["the tables"](pattern_of(customer.openid))
    assert looks["Valkey"](pattern_of("holder"))
