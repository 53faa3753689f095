"""Refunds at the sandbox: accepted, repeated, refused, unknown."""

from datetime import timedelta

import pytest

from payments.gateways.wechat.errors import (
    RefundMissing,
    UnreadableNotice,
    WeChatRefused,
    WeChatUnknown,
)
from payments.gateways.wechat.messages import refund_notice
from payments.gateways.wechat.refunds import create_refund, query_refund
from payments.gateways.wechat.transactions import prepay, query_payment
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


@pytest.fixture
def paid(wechat):
    """A paid order of 1,000 fen, as WeChat tells it."""
    number = new_serial("P")
    prepay_id = prepay(
        number=number,
        amount=Fen(1_000),
        openid="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        description="一杯咖啡",
        expires_at=clock.now() + timedelta(minutes=30),
    )
    wechat.confirm(prepay_id, notify=False)
    return query_payment(number)


def refund(paid, refund_number, amount=400):
    return create_refund(
        refund_number=refund_number,
        transaction_id=paid.transaction_id,
        amount=Fen(amount),
        total=Fen(1_000),
        reason="商品售罄",
    )


def test_a_refund_is_accepted_first_and_final_later(wechat, paid):
    number = new_serial("R")
    wechat.fault("refund_processing")

    accepted = refund(paid, number)
    wechat.finish_refund(number)
    final = query_refund(number)

    assert accepted.state == "PROCESSING"
    assert (accepted.refund_number, accepted.number) == (number, paid.number)
    assert (accepted.amount, accepted.total) == (400, 1_000)
    assert final.state == "SUCCESS"
    assert final.refund_id == accepted.refund_id
    assert final.transaction_id == paid.transaction_id
    assert final.success_time is not None


def test_the_same_number_refunds_once(wechat, paid):
    number = new_serial("R")

    first, again = refund(paid, number), refund(paid, number)

    assert first.refund_id == again.refund_id
    assert len(wechat.refunds(out_refund_no=number)) == 1


def test_the_same_number_for_another_amount_is_refused(wechat, paid):
    number = new_serial("R")
    refund(paid, number)

    with pytest.raises(WeChatRefused) as refusal:
        refund(paid, number, amount=500)

    assert refusal.value.code == "INVALID_REQUEST"
    assert query_refund(number).amount == 400


@pytest.mark.parametrize("kind", ["error_after", "unsigned", "signtest", "reset_after"])
def test_a_refund_that_was_accepted_unheard_is_found_by_its_number(wechat, paid, kind):
    number = new_serial("R")
    wechat.fault(kind, path="/v3/refund", times=3)

    with pytest.raises(WeChatUnknown):
        refund(paid, number)
    wechat.clear_faults()

    assert query_refund(number).amount == 400
    assert refund(paid, number).refund_id == query_refund(number).refund_id
    assert len(wechat.refunds(out_refund_no=number)) == 1


def test_a_refund_nobody_asked_for_is_missing(wechat):
    with pytest.raises(RefundMissing):
        query_refund(new_serial("R"))


def test_an_empty_merchant_account_refuses_and_the_same_number_works_later(wechat, paid):
    number = new_serial("R")
    wechat.fault("not_enough")

    with pytest.raises(WeChatRefused) as refusal:
        refund(paid, number)

    assert refusal.value.code == "NOT_ENOUGH"
    with pytest.raises(RefundMissing):
        query_refund(number)
    assert refund(paid, number).amount == 400


def test_more_than_was_paid_is_refused(wechat, paid):
    refund(paid, new_serial("R"), amount=700)
    too_much = new_serial("R")

    with pytest.raises(WeChatRefused):
        refund(paid, too_much, amount=301)

    with pytest.raises(RefundMissing):
        query_refund(too_much)


@pytest.mark.parametrize(("kind", "state"), [("refund_abnormal", "ABNORMAL"), ("refund_closed", "CLOSED")])
def test_a_refund_that_goes_wrong_says_how(wechat, paid, kind, state):
    number = new_serial("R")
    wechat.fault(kind)
    refund(paid, number)
    wechat.wait_for_notices()

    assert query_refund(number).state == state


def test_answers_and_callbacks_call_the_state_differently(wechat, paid):
    answer = refund(paid, new_serial("R")).raw
    callback = {**answer, "refund_status": answer["status"]}
    del callback["status"]

    assert refund_notice(callback).state == refund_notice(answer).state
    with pytest.raises(UnreadableNotice):
        refund_notice({name: value for name, value in answer.items() if name != "status"})
