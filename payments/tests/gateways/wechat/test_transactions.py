"""Orders at the sandbox, which checks every request as WeChat does."""

import secrets
from datetime import timedelta

import pytest

from payments.gateways.wechat import client
from payments.gateways.wechat.errors import AlreadyPaid, OrderMissing, WeChatRefused, WeChatUnknown
from payments.gateways.wechat.transactions import (
    close_payment,
    pay_parameters,
    prepay,
    query_by_transaction_id,
    query_payment,
)
from payments.tests.gateways.wechat.factories import TRANSACTION, proven
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.sandbox.client import SandboxRefused

OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"


@pytest.fixture
def number():
    return new_serial("P")


def order(number, **changed):
    facts = {
        "number": number,
        "amount": Fen(1_250),
        "openid": OPENID,
        "description": "一杯咖啡",
        "expires_at": clock.now().replace(microsecond=0) + timedelta(minutes=30),
    }
    return prepay(**(facts | changed))


def test_an_order_is_made_paid_and_found(wechat, number):
    prepay_id = order(number, attach="order:1", client_ip="203.0.113.7")
    asked = wechat.payment(number)
    wechat.confirm(prepay_id, pay_sign=pay_parameters(prepay_id), notify=False)

    paid = query_payment(number)

    assert asked["total"] == 1_250
    assert asked["openid"] == OPENID
    assert paid.state == "SUCCESS"
    assert paid.number == number
    assert (paid.total, paid.currency, paid.openid) == (1_250, "CNY", OPENID)
    assert paid.attach == "order:1"
    assert abs(paid.success_time - clock.now()) < timedelta(minutes=1)
    assert query_by_transaction_id(paid.transaction_id) == paid


def test_a_pay_sign_is_good_for_its_own_order_only(wechat, number):
    mine, other = order(number), order(new_serial("P"))

    with pytest.raises(SandboxRefused):
        wechat.confirm(mine, pay_sign=pay_parameters(other), notify=False)

    assert query_payment(number).state == "NOTPAY"


def test_an_unpaid_order_has_no_amount_to_settle(wechat, number):
    order(number)

    found = query_payment(number)

    assert found.state == "NOTPAY"
    assert found.transaction_id is None
    assert found.success_time is None


def test_asking_again_makes_no_second_order(wechat, number):
    facts = {"expires_at": clock.now() + timedelta(minutes=30)}

    order(number, **facts)
    order(number, **facts)

    assert len(wechat.payments(out_trade_no=number)) == 1


def test_the_same_number_for_another_amount_is_refused(wechat, number):
    order(number)

    with pytest.raises(WeChatRefused) as refusal:
        order(number, amount=Fen(1))

    assert refusal.value.code == "INVALID_REQUEST"
    assert wechat.payment(number)["total"] == 1_250


def test_a_long_description_is_cut_between_characters(wechat, number):
    order(number, description="咖啡" * 40)

    assert wechat.payment(number)["description"] == "咖啡" * 21


def test_an_order_nobody_made_is_missing(wechat, number):
    with pytest.raises(OrderMissing):
        query_payment(number)


def test_closing_ends_an_order_and_may_be_repeated(wechat, number):
    prepay_id = order(number)

    close_payment(number)
    close_payment(number)

    assert query_payment(number).state == "CLOSED"
    with pytest.raises(SandboxRefused):
        wechat.confirm(prepay_id, notify=False)
    with pytest.raises(WeChatRefused) as refusal:
        order(number)
    assert refusal.value.code == "ORDER_CLOSED"


def test_a_paid_order_is_not_closed(wechat, number):
    wechat.confirm(order(number), notify=False)

    with pytest.raises(AlreadyPaid):
        close_payment(number)

    assert query_payment(number).state == "SUCCESS"
    with pytest.raises(AlreadyPaid):
        order(number)


@pytest.mark.parametrize("kind", ["error_after", "rate_limited", "error_before", "signtest", "unsigned"])
def test_a_hiccup_is_overcome_with_the_same_number(wechat, number, kind):
    wechat.fault(kind, path="/v3/pay/transactions/jsapi")

    prepay_id = order(number)

    assert [each["prepay_id"] for each in wechat.payments(out_trade_no=number)] == [prepay_id]


@pytest.mark.parametrize(
    "kind", ["error_after", "unsigned", "bad_signature", "signtest", "unknown_serial", "reset_after"]
)
def test_an_order_that_was_made_unheard_is_found_by_its_number(wechat, number, kind):
    wechat.fault(kind, path="/v3/pay/transactions/jsapi", times=3)

    with pytest.raises(WeChatUnknown):
        order(number)

    assert query_payment(number).state == "NOTPAY"


@pytest.mark.parametrize("kind", ["reset", "error_before"])
def test_an_order_that_was_not_made_is_missing_under_its_number(wechat, number, kind):
    wechat.fault(kind, path="/v3/pay/transactions/jsapi", times=3)

    with pytest.raises(WeChatUnknown):
        order(number)

    with pytest.raises(OrderMissing):
        query_payment(number)


@pytest.mark.parametrize(("kind", "made"), [("timeout_before", 0), ("timeout_after", 1)])
def test_silence_is_unknown_and_not_repeated(wechat, number, kind, made, monkeypatch):
    monkeypatch.setattr(client, "BUDGET_SECONDS", client.CONNECT_SECONDS + 1)
    wechat.fault(kind, path="/v3/pay/transactions/jsapi", seconds=1.5)

    with pytest.raises(WeChatUnknown, match="no answer"):
        order(number)

    assert len(wechat.payments(out_trade_no=number)) == made


def test_a_query_survives_a_lost_connection(wechat, number):
    order(number)
    wechat.fault("reset", path="/v3/pay/transactions/out-trade-no", times=2)

    assert query_payment(number).state == "NOTPAY"


def test_a_doubtful_query_is_unknown_never_unpaid(wechat, number):
    wechat.confirm(order(number), notify=False)
    wechat.fault("bad_signature", path="/v3/pay/transactions/out-trade-no", times=3)

    with pytest.raises(WeChatUnknown):
        query_payment(number)

    assert query_payment(number).state == "SUCCESS"


@pytest.mark.parametrize("mode", ["public_key", "certificate", "mixed"])
def test_every_key_mode_is_understood(wechat, number, mode):
    wechat.use_keys(mode)

    order(number)
    close_payment(number)

    assert query_payment(number).state == "CLOSED"


def test_without_a_public_key_the_newest_certificate_is_asked_for(wechat, number, settings):
    settings.WECHAT = settings.WECHAT | {"public_key": None, "public_key_id": ""}
    wechat.use_keys("certificate")

    order(number)

    assert query_payment(number).state == "NOTPAY"


def test_a_new_certificate_is_believed_without_a_restart(wechat, number, settings):
    settings.WECHAT = settings.WECHAT | {"public_key": None, "public_key_id": ""}
    wechat.use_keys("certificate")
    order(number)

    wechat.rotate_keys()

    assert query_payment(number).state == "NOTPAY"


def test_another_merchants_certificate_folder_believes_nobody(wechat, number, settings, tmp_path):
    order(number)
    settings.WECHAT = settings.WECHAT | {"public_key": None, "public_key_id": "", "platform_certs": tmp_path}

    with pytest.raises(WeChatUnknown, match="unknown key"):
        query_payment(number)


def test_an_answer_about_another_order_is_no_answer(platform, stranger, number):
    stranger.answers = [proven(platform, TRANSACTION)]

    with pytest.raises(WeChatUnknown, match="another order"):
        query_payment(number)
    with pytest.raises(WeChatUnknown, match="another order"):
        query_by_transaction_id("4200000000000000000000000000")


def test_a_proven_answer_without_its_fields_is_unknown(platform, stranger, number):
    stranger.answers = [proven(platform, {"trade_state": "SUCCESS"})]

    with pytest.raises(WeChatUnknown, match="unreadable"):
        query_payment(number)
    with pytest.raises(WeChatUnknown, match="prepay_id"):
        order(number)


def test_pay_parameters_are_what_the_mini_program_passes_on(platform):
    first, second = pay_parameters("wx1"), pay_parameters("wx1")

    assert set(first) == {"timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert first["package"] == "prepay_id=wx1"
    assert first["signType"] == "RSA"
    assert all(type(value) is str for value in first.values())
    assert first["nonceStr"] != second["nonceStr"]
    assert len(first["nonceStr"]) == 32
    assert secrets.compare_digest(first["timeStamp"], str(int(first["timeStamp"])))
