"""My wallet and my history, as the mini-program sees them."""

import pytest
import requests
from django.db.transaction import atomic

from accounts.models import WeChatIdentity
from wallet.services.holds import place_hold
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.services.wallets import open_wallet
from wallet.tests.factories import make_wallet, new_key
from wallet_project.kit.testing.assertions import assert_error

pytestmark = pytest.mark.committed


@pytest.fixture
def wallet(customer):
    return open_wallet(user_id=WeChatIdentity.objects.get(openid=customer.openid).user_id)


def top_up(wallet, amount):
    with atomic():
        number = open_top_up(wallet_id=wallet.pk, amount=amount).number
        return credit_top_up(number=number, key=new_key("wx:pay"), facts={})


def pay_with_wechat(wallet, amount):
    with atomic():
        book_payment(
            user_id=wallet.user_id,
            hold_id=None,
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
