"""Transfers, as the mini-program sees them."""

import json
import uuid

import pytest
from rest_framework.test import APIClient

from wallet.models import Transfer
from wallet.services.waiting_transfers import accept_transfer, decline_transfer
from wallet.tests.dealings import ready_to_send, send, send_to_wait, somebody
from wallet_project.kit import clock
from wallet_project.kit.models import IdempotencyKey
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db
TRANSFERS = "/api/v1/wallet/transfers"


@pytest.fixture
def payer():
    return somebody(10_000, nickname="小明")


@pytest.fixture
def payee():
    return somebody(nickname="小娜")


def app_of(person):
    return APIClient(headers=person.login.as_header())


def post(app, path, wish=None, *, key=None, grant=""):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex, **({"Step-Up-Grant": grant} if grant else {})}
    return app.post(path, wish or {}, format="json", headers=headers)


def wish_of(payer, payee, amount, **more):
    """The body and the proof of a transfer."""
    ready = ready_to_send(payer, payee, amount)
    return {name: ready[name] for name in ("payee_token", "amount", "quote_id")} | more, ready["grant"]


def sent_by(person):
    return Transfer.objects.filter(sender=person.id).count()


def test_a_transfer_is_proven_sent_and_shown_to_both(payer, payee):
    wish, grant = wish_of(payer, payee, 3_000, remark="午饭")
    app = app_of(payer)
    asked = post(app, TRANSFERS, wish)
    assert_error(asked, status=428, code="STEP_UP_REQUIRED")

    sent = post(app, TRANSFERS, wish, grant=grant)

    assert sent.status_code == 201
    told = sent.json()
    assert (told["direction"], told["state"], told["state_name"]) == ("out", "ACCEPTED", "已收款")
    assert (told["amount"], told["fee"], told["remark"]) == (3_000, 0, "午饭")
    assert told["other"] == {"uid": str(payee.user.uid), "nickname": "小娜", "name_masked": "欧*"}
    got = app_of(payee).get(f"{TRANSFERS}/{told['number']}").json()
    assert (got["direction"], got["other"]["nickname"]) == ("in", "小明")
    assert app.get("/api/v1/wallet").json()["total"] == 7_000
    [record] = app.get("/api/v1/wallet/records", {"kind": "transfer_out"}).json()["items"]
    assert (record["title"], record["amount"], record["reference"]) == ("午饭", 3_000, told["number"])


def test_the_same_key_sends_once_and_another_body_with_it_is_refused(payer, payee):
    wish, grant = wish_of(payer, payee, 3_000)
    app = app_of(payer)

    answers = [post(app, TRANSFERS, wish, key="one-intention", grant=grant) for _ in range(3)]

    assert len({answer.content for answer in answers}) == 1
    assert sent_by(payer) == 1
    other = post(app, TRANSFERS, {**wish, "amount": 4_000}, key="one-intention", grant=grant)
    assert_error(other, status=422, code="IDEMPOTENCY_KEY_REUSED")
    elsewhere = post(app, f"{TRANSFERS}/{answers[0].json()['number']}/cancel", key="one-intention")
    assert_error(elsewhere, status=422, code="IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("more", [{}, {"accept_within_hours": 24}], ids=["at once", "waiting"])
def test_the_answer_is_what_is_read_later_also_where_it_was_lost_on_the_way(payer, payee, more):
    wish, grant = wish_of(payer, payee, 3_000, **more)
    app = app_of(payer)

    answer = post(app, TRANSFERS, wish, key="one-intention", grant=grant)
    IdempotencyKey.objects.update(status=None, body=None, locked_until=clock.now())
    again = post(app, TRANSFERS, wish, key="one-intention", grant=grant)

    assert (answer.status_code, again.status_code, sent_by(payer)) == (201, 201, 1)
    assert answer.json() == again.json() == app.get(f"{TRANSFERS}/{answer.json()['number']}").json()


def test_a_key_belongs_to_whoever_uses_it(payer, payee):
    wish, grant = wish_of(payer, payee, 3_000)
    post(app_of(payer), TRANSFERS, wish, key="one-intention", grant=grant)

    theirs = post(app_of(payee), TRANSFERS, wish, key="one-intention", grant=grant)

    assert_error(theirs, status=409, code="PAYEE_TOKEN_REFUSED")
    assert sent_by(payer) == 1


@pytest.mark.parametrize(
    "amount",
    [-1, 0, 1.5, 1.0, "100", "1e3", True, None, "１００", "1_000", " 5 ", 2**63, "0x10", "+1", [], {}],
)
def test_an_amount_is_a_json_integer_in_range(payer, payee, amount):
    wish, grant = wish_of(payer, payee, 3_000)

    answer = post(app_of(payer), TRANSFERS, {**wish, "amount": amount}, grant=grant)

    assert_error(answer, status=400, code="INVALID_INPUT")
    assert (payer.money, sent_by(payer)) == ((10_000, 0), 0)


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "1" + "0" * 5_000, '1, "amount": 2'])
def test_an_amount_that_is_no_json_is_no_amount(payer, payee, raw):
    wish, grant = wish_of(payer, payee, 3_000)
    body = json.dumps({**wish, "amount": "HERE"}).replace('"HERE"', raw)

    answer = app_of(payer).generic(
        "POST",
        TRANSFERS,
        body,
        content_type="application/json",
        headers={"Idempotency-Key": uuid.uuid4().hex, "Step-Up-Grant": grant},
    )

    assert answer.status_code == 400
    assert payer.money == (10_000, 0)


@pytest.mark.parametrize(
    "more",
    [
        {"fee": 0},
        {"receiver": 1},
        {"sender_id": 1},
        {"state": "ACCEPTED"},
        {"remark": "\u202e午饭"},
        {"remark": "午\u200b饭"},
        {"remark": "字" * 51},
        {"remark": 5},
        {"accept_within_hours": 0},
        {"accept_within_hours": 73},
        {"accept_within_hours": 1.0},
        {"accept_within_hours": "24"},
        {"accept_within_hours": True},
        {"quote_id": "1"},
        {"quote_id": None},
        {"payee_token": ""},
        {"payee_token": "x" * 2_001},
    ],
)
def test_what_a_transfer_does_not_know_or_cannot_be_is_refused(payer, payee, more):
    wish, grant = wish_of(payer, payee, 3_000)

    answer = post(app_of(payer), TRANSFERS, {**wish, **more}, grant=grant)

    assert_error(answer, status=400, code="INVALID_INPUT")
    assert (payer.money, sent_by(payer)) == ((10_000, 0), 0)


@pytest.mark.parametrize("escape", ["\\ud800", "\\u0000"])
def test_a_remark_that_is_no_text_is_refused(payer, payee, escape):
    wish, grant = wish_of(payer, payee, 3_000)

    body = json.dumps({**wish, "remark": "HERE"}).replace("HERE", escape)
    answer = app_of(payer).generic(
        "POST",
        TRANSFERS,
        body,
        content_type="application/json",
        headers={"Idempotency-Key": uuid.uuid4().hex, "Step-Up-Grant": grant},
    )

    assert answer.status_code == 400
    assert payer.money == (10_000, 0)


def test_words_of_a_hoax_are_not_sent(payer, payee):
    wish, grant = wish_of(payer, payee, 3_000, remark="请转至安.全.账.户")

    refused = post(app_of(payer), TRANSFERS, wish, grant=grant)

    assert assert_error(refused, status=400, code="TEXT_REFUSED") == {"reason": "FORBIDDEN"}
    assert payer.money == (10_000, 0)


def test_what_waits_is_taken_refused_or_taken_back(payer, payee):
    wish, grant = wish_of(payer, payee, 1_000, accept_within_hours=24)
    first = post(app_of(payer), TRANSFERS, wish, grant=grant).json()
    assert (first["state"], first["state_name"]) == ("WAITING", "待对方确认收款")
    second, third = (send_to_wait(payer, payee, 1_000).number for _ in range(2))

    taken = post(app_of(payee), f"{TRANSFERS}/{first['number']}/accept").json()
    refused = post(app_of(payee), f"{TRANSFERS}/{second}/decline").json()
    taken_back = post(app_of(payer), f"{TRANSFERS}/{third}/cancel").json()

    assert [one["state"] for one in (taken, refused, taken_back)] == ["ACCEPTED", "DECLINED", "CANCELLED"]
    assert (payer.money, payee.money) == ((9_000, 0), (1_000, 0))
    late = post(app_of(payer), f"{TRANSFERS}/{first['number']}/cancel")
    assert assert_error(late, status=409, code="TRANSFER_OVER") == {"state": "ACCEPTED"}
    odd = post(app_of(payer), f"{TRANSFERS}/{third}/cancel", {"amount": 1})
    assert_error(odd, status=400, code="INVALID_INPUT")


def test_lists_are_of_one_side_newest_first_and_of_one_state(payer, payee, django_assert_num_queries):
    numbers = [send(payer, payee, amount).number for amount in (100, 200, 300)]
    numbers.append(send_to_wait(payer, payee, 400).number)
    back = send(payee, payer, 50).number
    app = app_of(payer)
    app.get(TRANSFERS)  # the session is remembered from here on

    # one page, with both sides' names
    with django_assert_num_queries(1):
        first = app.get(TRANSFERS, {"limit": 3}).json()
    second = app.get(TRANSFERS, {"limit": 3, "cursor": first["next_cursor"]}).json()

    assert [one["number"] for one in first["items"] + second["items"]] == numbers[::-1]
    assert [one["number"] for one in app.get(TRANSFERS, {"direction": "in"}).json()["items"]] == [back]
    waiting = app.get(TRANSFERS, {"state": "WAITING"}).json()["items"]
    assert [one["number"] for one in waiting] == numbers[3:]
    foreign = app_of(payee).get(TRANSFERS, {"cursor": first["next_cursor"]})
    assert_error(foreign, status=400, code="INVALID_INPUT")


@pytest.mark.parametrize(
    "query", [{"direction": "all"}, {"state": "GONE"}, {"user": 1}, {"sender": 1}, {"ordering": "amount"}]
)
def test_a_list_answers_its_own_questions_only(payer, query):
    assert_error(app_of(payer).get(TRANSFERS, query), status=400, code="INVALID_INPUT")


def test_a_strangers_transfer_looks_like_none(payer, payee):
    number = send_to_wait(payer, payee, 100).number
    stranger = app_of(somebody())

    for path in ("", "/accept", "/decline", "/cancel"):
        ask = stranger.get if not path else lambda address: post(stranger, address)
        theirs, none = (ask(f"{TRANSFERS}/{one}{path}") for one in (number, "T0" + number[2:]))
        assert theirs.status_code == none.status_code == 404
        assert theirs.json() | {"request_id": ""} == none.json() | {"request_id": ""}
    assert Transfer.objects.get(number=number).state == "WAITING"


def test_the_receiver_is_not_told_what_it_cost(payer, payee):
    sent = send_to_wait(payer, payee, 100)
    Transfer.objects.filter(pk=sent.pk).update(fee=7)

    assert app_of(payee).get(f"{TRANSFERS}/{sent.number}").json()["fee"] == 0
    assert app_of(payer).get(f"{TRANSFERS}/{sent.number}").json()["fee"] == 7
    decline_transfer(receiver_id=payee.id, number=sent.number)


def test_whoever_has_left_is_nobody_in_the_others_list(payer, payee):
    sent = send_to_wait(payer, payee, 100)
    accept_transfer(receiver_id=payee.id, number=sent.number)
    payee.user.nickname = "已注销用户"
    payee.user.save()

    [told] = app_of(payer).get(TRANSFERS).json()["items"]

    assert told["other"]["nickname"] == "已注销用户"
