"""My wallet and my history, as the mini-program sees them."""

from datetime import timedelta

import pytest
import requests
from django.db.transaction import atomic

from accounts.models import WeChatIdentity
from wallet.models import Record
from wallet.services.holds import place_hold
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.wallets import open_wallet
from wallet.tests.factories import make_wallet, new_key
from wallet_project.kit import clock
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.committed


@pytest.fixture
def wallet(customer):
    return open_wallet(user_id=WeChatIdentity.objects.get(openid=customer.openid).user_id)


def top_up(wallet, amount):
    with atomic():
        number = open_top_up(wallet_id=wallet.pk, amount=amount).number
        return credit_top_up(number=number, key=new_key("wx:pay"), facts={})


def pay_with_wechat(wallet, amount, *, hold=None):
    with atomic():
        book_payment(
            user_id=wallet.user_id,
            hold_id=hold and hold.pk,
            balance=hold.amount if hold else 0,
            channel_amount=amount,
            key=new_key("order"),
            reference="D1",
            title="双人套餐",
            counterparty="store:renmin",
            counterparty_name="人民路店",
            facts={},
        )


def test_a_new_customer_has_an_empty_wallet(customer):
    assert customer.get("wallet").json() == {
        **dict.fromkeys(["total", "available", "held", "principal", "bonus", "cashback", "withdrawable"], 0),
        "frozen": False,
        "receives_nothing": False,
        "stopped_because": "",
        "stopped_until": None,
        "paused": False,
        "holds": [],
    }


def test_my_wallet_explains_what_is_held(customer, wallet):
    top_up(wallet, 10_000)
    hold = place_hold(wallet_id=wallet.pk, amount=3_000, key=new_key("hold"), reference="D1")

    answer = customer.get("wallet").json()

    assert (answer["total"], answer["available"], answer["held"]) == (10_000, 7_000, 3_000)
    assert (answer["principal"], answer["withdrawable"]) == (10_000, 7_000)
    [named] = answer["holds"]
    assert (named["reference"], named["amount"]) == ("D1", 3_000)
    assert named["placed_at"].endswith("+08:00")
    assert hold.open == 3_000


def test_my_history_comes_in_pages_newest_first(customer, wallet):
    for amount in (100, 200, 300):
        top_up(wallet, amount)
    pay_with_wechat(wallet, 55)

    first = customer.get("wallet/records", limit=3).json()
    second = customer.get("wallet/records", limit=3, cursor=first["next_cursor"]).json()

    assert [item["amount"] for item in first["items"]] == [55, 300, 200]
    assert [item["amount"] for item in second["items"]] == [100]
    assert (first["has_more"], second["has_more"], second["next_cursor"]) == (True, False, None)
    paid = first["items"][0]
    assert (paid["kind"], paid["kind_name"], paid["direction"]) == ("payment", "付款", "out")
    assert (paid["balance_amount"], paid["channel_amount"], paid["balance_after"]) == (0, 55, 600)


def test_my_history_is_filtered(customer, wallet):
    credited = top_up(wallet, 100)
    pay_with_wechat(wallet, 55)
    month = credited.credited_at.astimezone().strftime("%Y-%m")

    payments = customer.get("wallet/records", kind="payment").json()["items"]
    long_ago = customer.get("wallet/records", month="2020-01").json()["items"]

    assert [item["amount"] for item in payments] == [55]
    assert long_ago == []
    assert len(customer.get("wallet/records", month=month).json()["items"]) == 2


def test_my_history_is_searched(customer, wallet):
    top_up(wallet, 100)
    pay_with_wechat(wallet, 55)
    pay_with_wechat(wallet, 56)
    today = clock.business_day(clock.now())

    def amounts(**query):
        return [item["amount"] for item in customer.get("wallet/records", **query).json()["items"]]

    assert amounts(text="套餐") == amounts(text="人民路") == [56, 55]
    assert amounts(text="%") == amounts(text="_") == amounts(text="\\") == amounts(text="' OR 1=1 --") == []
    assert amounts(kind="payment,top_up", amount_from=56) == [56, 100]
    assert amounts(direction="out", amount_to=55) == [55]
    assert amounts(counterparty="store:renmin") == [56, 55]
    assert amounts(date_from=today, date_to=today) == [56, 55, 100]
    assert amounts(date_to=today - timedelta(days=1)) == []
    assert amounts(date_from=today, text="充值", limit=1) == [100]


def test_pages_stand_still_while_money_moves(customer, wallet):
    for amount in (1, 2, 3, 4, 5):
        top_up(wallet, amount)

    first = customer.get("wallet/records", limit=2).json()
    pay_with_wechat(wallet, 99)
    second = customer.get("wallet/records", limit=2, cursor=first["next_cursor"]).json()
    top_up(wallet, 98)
    third = customer.get("wallet/records", limit=2, cursor=second["next_cursor"]).json()

    seen = [item["amount"] for page in (first, second, third) for item in page["items"]]
    assert seen == [5, 4, 3, 2, 1]
    assert not third["has_more"]


def test_a_record_is_explained(customer, wallet):
    top_up(wallet, 10_000)
    hold = place_hold(wallet_id=wallet.pk, amount=3_000, key=new_key("hold"), reference="D1")
    pay_with_wechat(wallet, 55, hold=hold)
    newest = customer.get("wallet/records").json()["items"][0]

    shown = customer.get(f"wallet/records/{newest['id']}").json()

    assert {name: shown[name] for name in newest} == newest
    assert (shown["amount"], shown["balance_after"], shown["fee"]) == (3_055, 7_000, 0)
    assert (shown["counterparty"], shown["counterparty_name"]) == ("store:renmin", "人民路店")
    assert shown["colours"] == [{"colour": "principal", "name": "本金", "amount": -3_000}]
    assert [(step["code"], step["name"]) for step in shown["timeline"]] == [
        ("placed", "冻结金额"),
        ("payment", "付款"),
    ]
    assert Record.objects.get(pk=newest["id"]).journal_id == int(shown["journal_no"])


def test_another_persons_record_looks_like_none(new_customer):
    mine, theirs = new_customer(), new_customer()
    wallet = open_wallet(user_id=WeChatIdentity.objects.get(openid=mine.openid).user_id)
    top_up(wallet, 1)
    record_id = mine.get("wallet/records").json()["items"][0]["id"]

    refused = assert_error(theirs.get(f"wallet/records/{record_id}"), 404, "NOT_FOUND")

    assert refused == assert_error(theirs.get("wallet/records/999999999999"), 404, "NOT_FOUND")
    assert_error(mine.get("wallet/records/1%00"), 404, "NOT_FOUND")


def test_a_month_adds_up(customer, wallet):
    credited = top_up(wallet, 100)
    pay_with_wechat(wallet, 55)
    pay_with_wechat(wallet, 5)
    month = credited.credited_at.astimezone().strftime("%Y-%m")

    assert customer.get(f"wallet/records/months/{month}").json() == {
        "month": month,
        "income": 100,
        "expense": 60,
        "kinds": [
            {"kind": "payment", "direction": "out", "amount": 60, "count": 2},
            {"kind": "top_up", "direction": "in", "amount": 100, "count": 1},
        ],
    }


def test_other_peoples_money_is_not_mine_to_see(customer, wallet):
    other = make_wallet()
    top_up(other, 777)
    first = customer.get("wallet/records").json()

    assert first["items"] == []
    assert customer.get("wallet").json()["total"] == 0


def test_a_cursor_is_good_for_its_owner_only(new_customer):
    mine, theirs = new_customer(), new_customer()
    for person in (mine, theirs):
        wallet = open_wallet(user_id=WeChatIdentity.objects.get(openid=person.openid).user_id)
        top_up(wallet, 1)
        top_up(wallet, 2)
    cursor = mine.get("wallet/records", limit=1).json()["next_cursor"]

    assert_error(theirs.get("wallet/records", limit=1, cursor=cursor), 400, "INVALID_INPUT")


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "2026-1"},
        {"month": "20２６-01"},
        {"kind": "theft"},
        {"kind": "payment,theft"},
        {"kind": "payment,payment"},
        {"kind": ""},
        {"direction": "sideways"},
        {"date_from": "2026-02-30"},
        {"date_from": "20261101"},
        {"date_from": "2026-W01-1"},
        {"date_to": "２026-11-01"},
        {"date_from": "2026-11-02", "date_to": "2026-11-01"},
        {"amount_from": "1.5"},
        {"amount_from": "-1"},
        {"amount_from": "0"},
        {"amount_from": "１００"},
        {"amount_to": "1_000"},
        {"amount_to": "9" * 17},
        {"amount_from": 2, "amount_to": 1},
        {"counterparty": "store:"},
        {"counterparty": "store:a' OR 1=1"},
        {"text": ""},
        {"text": "a" * 65},
        {"text": "a\x00b"},
        {"text": "a\u202eb"},
        {"text": "a\u200bb"},
        {"ordering": "wallet__user__phone"},
        {"wallet__user__phone": "1"},
        {"limit": 0},
        {"limit": 101},
        {"cursor": "1"},
        {"user": 1},
    ],
)
def test_a_query_that_makes_no_sense_is_refused(customer, query):
    assert_error(customer.get("wallet/records", **query), 400, "INVALID_INPUT")


@pytest.mark.parametrize("month", ["2026-13", "latest", "20２６-01", "2026-01%0A"])
def test_what_is_not_a_month_is_not_found(customer, month):
    assert customer.get(f"wallet/records/months/{month}").status_code == 404


@pytest.mark.parametrize("path", ["wallet", "wallet/records", "wallet/records/months/2026-11"])
def test_a_stranger_sees_nothing(customer, path):
    answer = requests.get(customer.base_url + path, timeout=10)

    assert_error(answer, 401, "NOT_AUTHENTICATED")
