"""Merchant transfers keep the published rules: nobody is paid who has not taken it, and nobody twice."""

import json

import pytest

from wallet_project.sandbox.client import SandboxRefused
from wallet_project.sandbox.transfer_reasons import FAIL_REASONS


@pytest.fixture(autouse=True)
def _money(merchant, sandbox):
    """The merchant has 5,000 yuan to give away."""
    order = merchant.order(amount={"total": 500_000, "currency": "CNY"})
    sandbox.confirm(merchant.prepay(order).json()["prepay_id"], notify=False)


@pytest.fixture
def ask(merchant):
    def ask(**changed):
        asked = merchant.transfer_order(**changed)
        return merchant.transfer({name: value for name, value in asked.items() if value is not None})

    return ask


def test_what_its_person_takes_arrives_and_is_announced(merchant, sandbox, ask, receiver):
    accepted = ask(notify_url=receiver.url).json()
    assert (accepted["state"], sandbox.book()["transferring"]) == ("WAIT_USER_CONFIRM", 1_000)

    sandbox.take_transfer(accepted["package_info"], mchId=merchant.credentials["mchid"])
    [notice] = receiver.wait_for(1)

    told = merchant.query_transfer(accepted["out_bill_no"]).json()
    envelope = json.loads(notice.body)
    resource = json.loads(merchant.open(envelope["resource"]))
    assert (told["state"], told["transfer_bill_no"]) == ("SUCCESS", accepted["transfer_bill_no"])
    assert "package_info" not in told
    assert merchant.trusts(notice.headers, notice.body)
    assert envelope["event_type"] == "MCHTRANSFER.BILL.FINISHED"
    assert envelope["resource"]["associated_data"] == "mch_payment"
    assert (resource["state"], resource["transfer_amount"]) == ("SUCCESS", 1_000)
    assert resource["mch_id"] == merchant.credentials["mchid"]
    book = sandbox.book()
    assert (book["transferred"], book["transferring"], book["balance"]) == (1_000, 0, 499_000)


def test_both_numbers_find_it_and_unknown_ones_find_nothing(merchant, ask):
    accepted = ask().json()
    url = "/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no"

    found = merchant.call("GET", f"{url}/{accepted['transfer_bill_no']}").json()
    missing = merchant.query_transfer("D" * 20)

    assert found["out_bill_no"] == accepted["out_bill_no"]
    assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")


def test_the_same_number_is_the_same_transfer_and_no_other(merchant, sandbox):
    asked = merchant.transfer_order()

    first, second = (merchant.transfer(asked).json() for _ in range(2))
    other = merchant.transfer(asked | {"transfer_amount": 999})

    assert second == first
    assert (other.status_code, other.json()["code"]) == (400, "ALREADY_EXISTS")
    assert [one["transfer_amount"] for one in sandbox.transfers()] == [1_000]


def test_who_goes_away_may_come_back_for_a_day(merchant, sandbox, ask):
    package = ask().json()["package_info"]

    assert sandbox.leave_transfer(package)["state"] == "WAIT_USER_CONFIRM"
    sandbox.advance(86_400 - 60)
    assert sandbox.take_transfer(package)["result"] == "requestMerchantTransfer:ok"


def test_after_a_day_it_is_over(merchant, sandbox, ask):
    accepted = ask().json()
    sandbox.advance(86_400)

    told = merchant.query_transfer(accepted["out_bill_no"]).json()

    assert (told["state"], told["fail_reason"]) == ("FAIL", "OVERDUE_CLOSE")
    with pytest.raises(SandboxRefused):
        sandbox.take_transfer(accepted["package_info"])
    assert sandbox.book()["balance"] == 500_000


def test_a_package_is_for_one_person_of_one_merchant(sandbox, ask):
    package = ask().json()["package_info"]

    for wrong in ({"openid": "oSomebodyElse"}, {"mchId": "1"}, {"appId": "wx0"}):
        with pytest.raises(SandboxRefused, match="PACKAGE"):
            sandbox.take_transfer(package, **wrong)
    with pytest.raises(SandboxRefused, match="PACKAGE"):
        sandbox.take_transfer("invented")

    assert sandbox.book()["transferred"] == 0


@pytest.mark.parametrize("body", [None, {}])
def test_what_nobody_took_may_be_cancelled(merchant, sandbox, ask, body):
    accepted = ask().json()

    first = merchant.cancel_transfer(accepted["out_bill_no"], body)
    sandbox.wait_for_notices()
    second = merchant.cancel_transfer(accepted["out_bill_no"], body)

    assert (first.json()["state"], second.json()["state"]) == ("CANCELING", "CANCELLED")
    assert merchant.query_transfer(accepted["out_bill_no"]).json()["state"] == "CANCELLED"
    with pytest.raises(SandboxRefused):
        sandbox.take_transfer(accepted["package_info"])


def test_what_was_taken_cannot_be_cancelled(merchant, sandbox, ask):
    accepted = ask().json()
    sandbox.take_transfer(accepted["package_info"])

    refused = merchant.cancel_transfer(accepted["out_bill_no"])
    sandbox.wait_for_notices()

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")
    assert merchant.query_transfer(accepted["out_bill_no"]).json()["state"] == "SUCCESS"


@pytest.mark.parametrize(("kind", "confirmed"), [("transfer_fail", True), ("transfer_fail_at_once", False)])
def test_it_fails_with_the_reason_that_was_scripted(merchant, sandbox, ask, kind, confirmed):
    sandbox.fault(kind, reason="ACCOUNT_FROZEN")
    accepted = ask().json()
    if confirmed:
        sandbox.take_transfer(accepted["package_info"])
    sandbox.wait_for_notices()

    told = merchant.query_transfer(accepted["out_bill_no"]).json()

    assert (told["state"], told["fail_reason"]) == ("FAIL", "ACCOUNT_FROZEN")
    assert sandbox.book()["balance"] == 500_000


def test_only_published_reasons_can_be_scripted(sandbox):
    assert len(FAIL_REASONS) == 38
    with pytest.raises(SandboxRefused):
        sandbox.fault("transfer_fail", reason="SOMETHING_ELSE")


def test_from_two_thousand_yuan_on_the_name_is_needed_and_checked(merchant, sandbox, ask):
    nameless = ask(transfer_amount=200_000)
    tiny = ask(transfer_amount=29, user_name=merchant.seal("张三"))
    unreadable = ask(transfer_amount=200_000, user_name="张三")
    assert {answer.json()["code"] for answer in (nameless, tiny, unreadable)} == {"PARAM_ERROR"}
    assert sandbox.transfers() == []

    sandbox.wechat_name("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "张三")
    states = {}
    for name in ("张三", "李四"):
        accepted = ask(transfer_amount=200_000, user_name=merchant.seal(name)).json()
        sandbox.take_transfer(accepted["package_info"])
        sandbox.wait_for_notices()
        told = merchant.query_transfer(accepted["out_bill_no"]).json()
        assert merchant.unseal(told["user_name"]) == name
        states[name] = (told["state"], told.get("fail_reason"))

    assert states == {"张三": ("SUCCESS", None), "李四": ("FAIL", "NAME_NOT_CORRECT")}


def test_more_than_the_merchant_has_is_not_given(sandbox, ask):
    assert ask(transfer_amount=150_000).status_code == 200
    assert ask(transfer_amount=199_999).status_code == 200

    refused = ask(transfer_amount=150_002)

    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_ENOUGH")
    assert sandbox.book()["transferring"] == 349_999


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"note": "x"}, "PARAM_ERROR"),
        ({"out_bill_no": "with-dash"}, "PARAM_ERROR"),
        ({"transfer_amount": 9}, "PARAM_ERROR"),
        ({"transfer_amount": "1000"}, "PARAM_ERROR"),
        ({"openid": None}, "PARAM_ERROR"),
        ({"notify_url": "https://a.cn/x?y=1"}, "PARAM_ERROR"),
        ({"transfer_scene_report_infos": []}, "PARAM_ERROR"),
        (
            {"transfer_scene_report_infos": [{"info_type": "活动名称", "info_content": "提现"}]},
            "PARAM_ERROR",
        ),
        ({"appid": "wx0"}, "INVALID_REQUEST"),
        ({"transfer_scene_id": "1009"}, "INVALID_REQUEST"),
        ({"user_recv_perception": "工资"}, "INVALID_REQUEST"),
    ],
)
def test_a_malformed_transfer_is_refused(sandbox, ask, changed, code):
    refused = ask(**changed)

    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert sandbox.transfers() == []


def test_what_is_stuck_stays_so_until_told(merchant, sandbox, ask):
    sandbox.fault("transfer_accepted")
    asked = merchant.transfer_order()
    first = merchant.transfer(asked).json()
    assert (first["state"], "package_info" in first) == ("ACCEPTED", False)
    sandbox.end_transfer(first["out_bill_no"], "WAIT_USER_CONFIRM")
    assert merchant.transfer(asked).json()["package_info"]

    sandbox.fault("transfer_stuck")
    second = ask().json()
    sandbox.take_transfer(second["package_info"])
    sandbox.advance(86_400)
    assert merchant.query_transfer(second["out_bill_no"]).json()["state"] == "TRANSFERING"
    sandbox.end_transfer(second["out_bill_no"])
    assert merchant.query_transfer(second["out_bill_no"]).json()["state"] == "SUCCESS"


@pytest.mark.parametrize(
    ("kind", "status", "happened"),
    [("unknown_code", 400, 0), ("unknown_code_after", 400, 1), ("error_after", 500, 1)],
)
def test_an_answer_may_say_less_than_what_happened(sandbox, ask, kind, status, happened):
    sandbox.fault(kind, path="/v3/fund-app")

    assert ask().status_code == status
    assert len(sandbox.transfers()) == happened


def test_after_thirty_days_nobody_can_ask_any_more(merchant, sandbox, ask):
    number = ask().json()["out_bill_no"]
    sandbox.advance(30 * 86_400 + 1)

    assert merchant.query_transfer(number).status_code == 404
