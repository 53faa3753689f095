"""What people and partners entrust to us is used, and is then nowhere to be read."""

import logging

import pytest

from accounts.rules.codes import CodePurpose
from accounts.services.codes import send_code, spend_code
from wallet_project.tests.leaks import LogKeeper, Search, everything_in_valkey, secrets_of_ours


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


def live(planted, customer, sandbox, new_phone, top_up, place_order, pay, shop):
    """A day of a customer, with everything that should go well."""
    phone = planted.plant("the phone", new_phone())
    login = customer.log_in(planted.plant("the login code", sandbox.login_code(customer.openid)["code"]))
    planted.plant_tokens("login", login)
    code = planted.plant("the phone code", sandbox.phone_code(phone)["code"])
    assert customer.post("me/phone", {"code": code}).status_code == 200
    send_code(purpose=CodePurpose.STEP_UP, phone=phone)
    sms_code = planted.plant("the code by text message", sandbox.sms_code(phone))
    spend_code(purpose=CodePurpose.STEP_UP, phone=phone, code=sms_code)
    top_up(customer, 5_000)
    pay(customer, place_order(customer, 1_200), "balance")
    planted.plant("the shop's secret", shop.secret)
    shop.create_order(amount=700)
    refreshed = customer.post(
        "auth/refresh", {"refresh_token": login["refresh_token"], "device_id": customer.device_id}
    ).json()
    planted.plant_tokens("refresh", refreshed)
    customer.session.headers["Authorization"] = f"Bearer {refreshed['access_token']}"


def stumble(planted, customer, sandbox, shop):
    """The same secrets where no value of theirs belongs, and a WeChat that does not answer."""
    phone, code = planted.secrets["the phone"], planted.secrets["the phone code"]
    token = customer.session.headers["Authorization"].removeprefix("Bearer ")
    unheard = planted.plant("the code WeChat did not hear of", sandbox.phone_code(phone)["code"])
    sandbox.fault("reset", path="/wxa/", times=1)
    planted.refusals += [
        customer.post("me/phone", {"code": unheard}),
        customer.post("me/phone", {"code": code}),
        customer.post("me/phone", {"code": phone, "phone": phone}),
        customer.post("me/phone", f"{phone} {token}"),
        customer.post("auth/login", {"code": planted.secrets["the login code"], "device_id": "d-1"}),
        customer.post("auth/login", {"code": [token], "device_id": {"phone": phone}}),
        customer.post("auth/refresh", {"refresh_token": token, "device_id": customer.device_id}),
        customer.post("wallet/top-ups", {"amount": phone}),
        customer.post("orders", {"store": phone, "amount": 1}),
        customer.get("orders", phone=phone, access_token=token, cursor=token),
        shop.call("POST", "orders", {"title": phone}, signature=shop.secret),
    ]
    assert [answer.url for answer in planted.refusals if answer.status_code < 400] == []


def places(log, planted, cursor):
    """Name → how to look there for one text."""
    valkey = everything_in_valkey()
    return {
        "the log": lambda search: search.in_texts(log.written),
        "the log, before the net": lambda search: search.in_texts(log.before_the_net),
        "refusals": lambda search: search.in_texts(answer.text for answer in planted.refusals),
        "Valkey": lambda search: search.in_texts(valkey),
        "the tables": lambda search: search.in_tables(cursor),
    }


def test_no_secret_comes_to_lie_anywhere(
    log,
    planted,
    customer,
    sandbox,
    new_phone,
    top_up,
    place_order,
    pay,
    shop,
    settled,
    owner_cursor,
):
    live(planted, customer, sandbox, new_phone, top_up, place_order, pay, shop)
    stumble(planted, customer, sandbox, shop)
    settled()

    found = {
        (name, place): hits
        for place, look in places(log, planted, owner_cursor).items()
        for name, secret in planted.secrets.items()
        if (hits := look(Search(secret)))
    }

    assert found == {}
    assert len(log.written) > 20


def test_the_search_finds_what_lies_there(log, planted, customer, owner_cursor):
    """Or the test above could not fail."""
    logging.getLogger("kit").info("for %s", "17500001111", extra={"reason": "code 730918"})
    nickname = customer.get("me").json()["nickname"]
    looks = places(log, planted, owner_cursor)

    assert looks["the log, before the net"](Search("17500001111"))
    assert looks["the log"](Search("17500001111")) == []
    assert looks["the log"](Search("730918"))
    assert "accounts_user.nickname" in looks["the tables"](Search(nickname))
    assert "accounts_wechatidentity.openid" in looks["the tables"](Search(customer.openid))
    assert looks["Valkey"](Search("holder"))
