"""Bills of a day keep WeChat's published form, and its rules about when and how they are handed out."""

import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from wallet_project.sandbox.clock import SHANGHAI
from wallet_project.sandbox.tests.merchant import new_number

TODAY = datetime.now(UTC).astimezone(SHANGHAI).date()


@pytest.fixture
def apply(merchant):
    def apply(bill="tradebill", *, day=TODAY, more=""):
        return merchant.call("GET", f"/v3/bill/{bill}?bill_date={day}{more}")

    return apply


@pytest.fixture
def fetch(merchant, apply):
    def fetch(*given, **more):
        told = apply(*given, **more).json()
        address = urlsplit(told["download_url"])
        return told, merchant.call("GET", f"{address.path}?{address.query}")

    return fetch


@pytest.fixture
def trade(merchant, sandbox):
    """A payment of 12.50, and 5.00 of it on the way back; and it is tomorrow, after ten."""
    order = merchant.order(description="拿铁,大杯")
    sandbox.confirm(merchant.prepay(order).json()["prepay_id"], notify=False)
    amount = {"refund": 500, "total": 1250, "currency": "CNY"}
    refund = merchant.refund(
        out_trade_no=order["out_trade_no"], out_refund_no=new_number(), amount=amount
    ).json()
    sandbox.wait_for_notices()
    become_tomorrow(sandbox)
    return order, refund


def become_tomorrow(sandbox):
    until = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), tzinfo=SHANGHAI)
    sandbox.advance((until + timedelta(hours=10, minutes=15) - datetime.now(UTC)).total_seconds())


def lines_of(content):
    text = content.decode()
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    return text[1:-2].split("\r\n")


def cells_of(line):
    return [cell.removeprefix("`") for cell in line.split(",")]


def test_a_trade_bill_says_what_was_paid_and_what_goes_back(fetch, trade, sandbox):
    order, refund = trade

    told, answer = fetch()

    head, paid, back, _summary_head, summary = lines_of(answer.content)
    named = [dict(zip(head.split(","), cells_of(line), strict=True)) for line in (paid, back)]
    assert told["hash_type"] == "SHA1"
    assert told["hash_value"] == hashlib.sha1(answer.content).hexdigest()  # noqa: S324 - WeChat's format
    assert "Wechatpay-Signature" not in answer.headers
    assert not head.startswith("`")
    assert all(cell.startswith("`") for cell in paid.split(","))
    transaction_id = sandbox.payment(order["out_trade_no"])["transaction_id"]
    assert [row["微信订单号"] for row in named] == [transaction_id] * 2
    assert [row["交易状态"] for row in named] == ["SUCCESS", "REFUND"]
    assert [row["订单金额"] for row in named] == ["12.50", "0.00"]
    assert [row["申请退款金额"] for row in named] == ["0.00", "5.00"]
    assert named[0]["商品名称"] == "拿铁\\ 大杯"
    assert (named[1]["微信退款单号"], named[1]["退款状态"]) == (refund["refund_id"], "SUCCESS")
    assert cells_of(summary) == ["2", "12.50", "5.00", "0.00", "0.00000", "12.50", "5.00"]


def test_a_fund_flow_bill_ends_with_what_is_in_the_account(fetch, trade, sandbox):
    _told, answer = fetch("fundflowbill", more="&account_type=BASIC")

    head, came, went, _summary_head, summary = lines_of(answer.content)
    balances = [cells_of(line)[head.split(",").index("账户结余(元)")] for line in (came, went)]
    assert balances == ["12.50", "7.50"]
    assert sandbox.book()["balance"] == 750
    assert cells_of(summary) == ["2", "1", "12.50", "1", "5.00"]


def test_a_transfer_leaves_the_operating_account_that_the_basic_one_fills(fetch, apply, merchant, sandbox):
    order = merchant.order()
    sandbox.confirm(merchant.prepay(order).json()["prepay_id"], notify=False)
    merchant.transfer(asked := merchant.transfer_order())
    sandbox.end_transfer(asked["out_bill_no"])
    become_tomorrow(sandbox)

    told = {}
    for account in ("BASIC", "OPERATION"):
        _told, answer = fetch("fundflowbill", more=f"&account_type={account}")
        head, *lines = lines_of(answer.content)[:-2]
        rows = [dict(zip(head.split(","), cells_of(line), strict=True)) for line in lines]
        told[account] = [
            (row["业务类型"], row["收支类型"], row["收支金额(元)"], row["账户结余(元)"]) for row in rows
        ]

    assert told == {
        "BASIC": [("交易", "收入", "12.50", "12.50"), ("账户间划转", "支出", "10.00", "2.50")],
        "OPERATION": [("账户间划转", "收入", "10.00", "10.00"), ("商家转账", "支出", "10.00", "0.00")],
    }
    assert sandbox.book()["balance"] == 250
    assert apply("fundflowbill", more="&account_type=FEES").json()["code"] == "PARAM_ERROR"


def test_an_account_without_business_has_no_bill(apply, trade):
    assert apply("fundflowbill", more="&account_type=OPERATION").json()["code"] == "NO_STATEMENT_EXIST"


def test_a_packed_bill_has_the_hash_of_what_is_in_it(fetch, trade):
    told, answer = fetch(more="&tar_type=GZIP")

    assert told["hash_value"] == hashlib.sha1(gzip.decompress(answer.content)).hexdigest()  # noqa: S324


def test_a_day_is_ready_at_ten_on_the_next(apply, trade, sandbox):
    sandbox.reset_clock()
    yesterday = TODAY - timedelta(days=1)
    ten = datetime.combine(TODAY, datetime.min.time(), tzinfo=SHANGHAI) + timedelta(hours=10)
    early = datetime.now(UTC) < ten

    assert apply().json()["code"] == "INVALID_REQUEST"
    assert apply(day=yesterday).json()["code"] == ("STATEMENT_CREATING" if early else "NO_STATEMENT_EXIST")
    assert apply(day=TODAY - timedelta(days=120)).json()["code"] == "INVALID_REQUEST"


def test_a_link_is_good_for_five_minutes_and_only_signed(merchant, apply, trade, sandbox):
    address = urlsplit(apply().json()["download_url"])
    link = f"{address.path}?{address.query}"

    unsigned = merchant.call("GET", link, headers={"Authorization": None})
    sandbox.advance(301)
    late = merchant.call("GET", link)

    assert (unsigned.status_code, unsigned.json()["code"]) == (401, "SIGN_ERROR")
    assert (late.status_code, late.json()["code"]) == (400, "INVALID_REQUEST")


def test_what_is_planted_is_in_the_bill_until_it_is_forgotten(fetch, trade, sandbox):
    before = fetch()[1].content

    sandbox.plant("paid_unknown", str(TODAY), amount=300)
    planted = fetch()[1].content
    sandbox.forget_plants()

    assert len(lines_of(planted)) == len(lines_of(before)) + 1
    assert fetch()[1].content == before
