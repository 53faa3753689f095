"""Finding somebody to pay, as the mini-program sees it."""

import uuid

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import logged_in
from wallet.services.payees import receive_code
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    person = logged_in()
    client = APIClient(headers=person.as_header())
    client.user = person.user
    return client


@pytest.fixture
def other():
    person = logged_in(nickname="小娜")
    open_wallet(user_id=person.user.pk)
    person.user.set_phone("13800138000", at=clock.now())
    person.user.save()
    return person.user


def find(client, **wish):
    return client.post("/api/v1/wallet/payees", wish, format="json")


def test_a_phone_leads_to_a_name_and_a_token_and_to_nothing_else(me, other):
    answer = find(me, phone=" +86 138-0013-8000 ").json()

    assert set(answer) == {"payee_token", "nickname", "name_masked", "amount", "remark", "expires_in"}
    assert (answer["nickname"], answer["name_masked"], answer["expires_in"]) == ("小娜", None, 600)
    assert str(other.uid) not in str(answer)


def test_a_phone_that_leads_to_nobody_says_so(me, other):
    missing = find(me, phone="13800138001")

    assert_error(missing, status=404, code="PAYEE_NOT_FOUND")


def test_a_code_is_shown_as_a_picture_and_read_back(me, other):
    client = APIClient(headers=logged_in().as_header())
    plain = client.get("/api/v1/wallet/receive-code").json()
    priced = client.post(
        "/api/v1/wallet/receive-code", {"amount": 3_000, "remark": "午饭"}, format="json"
    ).json()

    assert plain["qr_svg"].startswith("<svg")
    assert plain["qr_png"].startswith("data:image/png;base64,")
    assert (plain["amount"], priced["amount"], priced["remark"]) == (None, 3_000, "午饭")
    code = receive_code(user_id=other.pk, amount=3_000, remark="午饭").code
    assert find(me, receive_code=code).json()["amount"] == 3_000


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"phone": "13800138000", "receive_code": "AQAB"},
        {"phone": "12"},
        {"phone": 13800138000},
        {"phone": None},
        {"uid": str(uuid.uuid4())},
        {"user_id": 1},
        {"receive_code": "\u202eAQAB"},
        {"receive_code": ["AQAB"]},
    ],
)
def test_one_question_at_a_time_and_a_proper_one(me, wish):
    assert_error(find(me, **wish), status=400, code="INVALID_INPUT")


@pytest.mark.parametrize("amount", [0, -1, 1.0, "100", True, None, 10**12])
def test_an_amount_in_a_code_is_whole_fen(me, amount):
    answer = me.post("/api/v1/wallet/receive-code", {"amount": amount}, format="json")

    assert_error(answer, status=400, code="INVALID_INPUT")


def test_i_choose_whether_my_phone_leads_to_me(me, other):
    address = "/api/v1/wallet/payee-settings"
    owner = APIClient(headers=logged_in().as_header())

    assert owner.get(address).json() == {"findable_by_phone": True}
    assert owner.put(address, {"findable_by_phone": False}, format="json").json() == {
        "findable_by_phone": False
    }
    assert owner.get(address).json() == {"findable_by_phone": False}
    assert_error(
        owner.put(address, {"findable_by_phone": "no"}, format="json"), status=400, code="INVALID_INPUT"
    )
