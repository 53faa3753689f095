"""Asking what a move costs, as the mini-program does."""

import json
import re

import pytest
from django.db.transaction import atomic

from accounts.tests.factories import logged_in
from wallet.errors import QuoteNotValid
from wallet.models import Entry, Journal, Quote
from wallet.services.freezes import freeze_wallet
from wallet.services.quotes import take_quote
from wallet.services.wallets import open_wallet
from wallet.tests.factories import fill, make_schedule, topped_up
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.django_db

WITHDRAWAL = {"kind": "withdraw", "amount": 1_500_00}


@pytest.fixture
def person():
    person = logged_in()
    topped_up(open_wallet(user_id=person.user.pk), 2_000_00)
    return person


@pytest.fixture
def ask(client, person):
    def ask(wish=WITHDRAWAL, *, who=person, **headers):
        body = wish if isinstance(wish, str) else json.dumps(wish)
        return client.post(
            "/api/v1/wallet/quotes",
            body,
            content_type="application/json",
            headers=who.as_header() | headers,
        )

    return ask


def test_a_quote_says_what_is_paid_for_what_and_until_when(ask, person):
    answer = ask()

    assert answer.status_code == 201
    told = answer.json()
    quote = Quote.objects.get(public_id=told.pop("id"))
    assert quote.user_id == person.user.pk
    assert told.pop("created_at") < told.pop("expires_at")
    assert told.pop("limit_left") == 0  # a stranger takes nothing out yet
    assert told == {
        "kind": "withdraw",
        "kind_name": "提现",
        "amount": 1_500_00,
        "fee": 50,
        "total": 1_500_50,
        "lines": [
            {"text": "¥1,000.00 在本月免费额度内", "amount": 0},
            {"text": "¥500.00 的 0.1%", "amount": 50},
        ],
        "arrival": "预计 2 小时内到账",
        "spendable": 2_000_00,
        "is_covered": True,
    }


def test_it_says_what_limits_leave(ask, client, person):
    limits = client.get("/api/v1/wallet/limits", headers=person.as_header()).json()["moves"]
    left = {limit["move"]: limit["left"] for limit in limits}

    for kind in ("withdraw", "pay", "top_up"):
        assert ask({"kind": kind, "amount": 1_00}).json()["limit_left"] == left[kind]


def test_a_quote_moves_nothing(ask, person):
    before = Journal.objects.count(), Entry.objects.count()

    ask()

    assert (Journal.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize(
    ("wish", "covered"),
    [
        ({"kind": "withdraw", "amount": 2_000_00}, False),  # not with the fee
        ({"kind": "withdraw", "amount": 1_999_00}, True),
        ({"kind": "transfer", "amount": 2_000_00, "payee": "t"}, True),
        ({"kind": "bill", "amount": 2_000_01, "payee": "b"}, False),
        ({"kind": "pay", "amount": 2_000_00}, True),
        ({"kind": "top_up", "amount": 9_999_00}, True),
    ],
)
def test_it_says_whether_there_is_enough(ask, wish, covered):
    told = ask(wish).json()

    assert told["is_covered"] is covered
    assert told["spendable"] == (None if wish["kind"] == "top_up" else 2_000_00)


def test_what_others_sent_is_spendable_but_not_taken_out_without_transfers(ask, person, settings):
    settings.WECHAT_TRANSFERS = {**settings.WECHAT_TRANSFERS, "scene": ""}
    fill(open_wallet(user_id=person.user.pk), principal=10_00)

    told = ask({"kind": "withdraw", "amount": 2_000_00}).json()
    more = ask({"kind": "withdraw", "amount": 2_000_01}).json()

    assert (told["spendable"], told["total"], told["is_covered"]) == (2_000_00, 2_001_00, True)
    assert (more["spendable"], more["is_covered"]) == (2_000_00, False)
    assert ask({"kind": "transfer", "amount": 2_010_00, "payee": "t"}).json()["is_covered"]


def test_nothing_is_spendable_while_a_wallet_is_frozen(ask, person):
    freeze_wallet(wallet_id=open_wallet(user_id=person.user.pk).pk, reason="公安协查")

    told = ask().json()

    assert (told["fee"], told["spendable"], told["is_covered"]) == (50, 0, False)


def test_a_quote_by_the_api_is_taken_with_the_payee_it_names(ask, person):
    told = ask({"kind": "transfer", "amount": 5_00, "payee": "somebody"}).json()
    wish = {"user_id": person.user.pk, "quote_id": told["id"], "kind": "transfer", "amount": 5_00}

    with atomic():
        with pytest.raises(QuoteNotValid):
            take_quote(**wish, facts={"payee": "somebody else"}, at=clock.now())
        assert take_quote(**wish, facts={"payee": "somebody"}, at=clock.now()).fee == 0


@pytest.mark.parametrize("amount", ["100", 1.0, 1.5, True, None, 0, -1, 2**63, "１００", [], {}])
def test_an_amount_is_a_whole_number_of_fen(ask, amount):
    answer = ask({"kind": "withdraw", "amount": amount})

    assert_error(answer, 400, "INVALID_INPUT")
    assert not Quote.objects.exists()


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"kind": "withdraw"},
        {"amount": 100},
        {"kind": "theft", "amount": 100},
        {"kind": "withdraw", "amount": 100, "payee": "me"},
        {"kind": "transfer", "amount": 100},
        {"kind": "transfer", "amount": 100, "payee": ""},
        {"kind": "transfer", "amount": 100, "payee": ["a", "b"]},
        {"kind": "transfer", "amount": 100, "payee": "a\u202eb"},
        {"kind": "transfer", "amount": 100, "payee": "x" * 2001},
        {**WITHDRAWAL, "fee": 0},
        {**WITHDRAWAL, "total": 1},
        {**WITHDRAWAL, "tier": "gold"},
        {**WITHDRAWAL, "user_id": 1},
        [WITHDRAWAL],
    ],
)
def test_what_a_customer_may_not_say_is_refused(ask, wish):
    assert_error(ask(wish), 400, "INVALID_INPUT")
    assert not Quote.objects.exists()


def test_an_amount_said_twice_is_refused(ask):
    assert_error(ask('{"kind": "withdraw", "amount": 1, "amount": 9999999}'), 400, "MALFORMED_BODY")


def test_a_closed_loop_quotes_no_transfers(ask, settings):
    settings.WALLET_MODE = "closed_loop"

    answer = ask({"kind": "transfer", "amount": 100, "payee": "somebody"})

    assert_error(answer, 403, "NOT_IN_THIS_MODE")
    assert not Quote.objects.exists()


def test_every_line_is_explained(ask):
    make_schedule("withdraw", flat=1_00, rate=50, least=2_00, most=3_00)

    little, much = (ask({"kind": "withdraw", "amount": amount}).json() for amount in (1_00, 1_000_00))

    assert [(line["text"], line["amount"]) for line in little["lines"]] == [
        ("每笔固定", 1_00),
        ("¥1.00 的 0.5%", 1),
        ("补足最低 ¥2.00", 99),
    ]
    assert [(line["text"], line["amount"]) for line in much["lines"]] == [
        ("每笔固定", 1_00),
        ("¥1,000.00 的 0.5%", 5_00),
        ("减至最高 ¥3.00", -3_00),
    ]


def test_asking_has_a_query_budget(ask, django_assert_max_num_queries):
    ask()
    # the session, the quote (seven, see test_quotes of services), the balance, what limits leave (three)
    with django_assert_max_num_queries(14):
        ask()


def test_no_internals_leave_the_house(ask):
    text = ask().content.decode()

    assert not re.search(r"fingerprint|schedule|user_id|\"pk\"", text)
