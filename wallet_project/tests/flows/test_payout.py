"""Own money goes back to WeChat, the way it came."""

import pytest

from accounts.models import WeChatIdentity
from payments.errors import NothingToPayOut
from payments.models import ExceptionCase, Payment, Refund
from payments.services.payouts import pay_out_rest
from wallet.errors import InsufficientBalance, WalletFrozen
from wallet.models import LedgerAccount, Record
from wallet.services.wallets import freeze_wallet, open_wallet
from wallet_project.kit.testing.wire import Api


def user_of(customer: Api) -> int:
    return WeChatIdentity.objects.get(openid=customer.openid).user_id


def test_the_rest_goes_back_to_the_top_ups_it_came_from(customer, top_up, place_order, pay, settled):
    top_up(customer, 3_000)
    top_up(customer, 1_000)
    pay(customer, place_order(customer, 500), "balance")

    refunds = pay_out_rest(user_id=user_of(customer))
    settled()

    assert sorted(refund.amount for refund in refunds) == [1_000, 2_500]
    assert {Refund.objects.get(pk=refund.pk).state for refund in refunds} == {"SUCCESS"}
    assert customer.get("wallet").json()["total"] == 0
    assert [item["kind"] for item in customer.get("wallet/records").json()["items"][:2]] == ["payout"] * 2
    with pytest.raises(NothingToPayOut):
        pay_out_rest(user_id=user_of(customer))


def test_many_payouts_at_once_pay_once(customer, top_up, settled, in_parallel):
    top_up(customer, 900)
    user_id = user_of(customer)

    outcomes = in_parallel([lambda: pay_out_rest(user_id=user_id)] * 8)
    settled()

    paid = [outcome for outcome in outcomes if isinstance(outcome, list)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, NothingToPayOut | InsufficientBalance)]
    assert (len(paid), len(refused)) == (1, 7)
    assert sum(refund.amount for refund in Refund.objects.filter(payment__payer=user_id)) == 900


def test_what_wechat_does_not_do_returns_to_the_wallet_and_may_be_tried_again(
    customer, top_up, sandbox, settled
):
    top_up(customer, 900)
    sandbox.fault("refund_closed")

    pay_out_rest(user_id=user_of(customer))
    settled()

    assert customer.get("wallet").json()["principal"] == 900
    assert customer.get("wallet/records").json()["items"][0]["kind"] == "payout_returned"

    pay_out_rest(user_id=user_of(customer))
    settled()

    assert customer.get("wallet").json()["principal"] == 0


def test_what_wechat_cannot_deliver_is_a_case_until_somebody_helps_it_on(customer, top_up, sandbox, settled):
    top_up(customer, 900)
    sandbox.fault("refund_abnormal")

    [refund] = pay_out_rest(user_id=user_of(customer))
    settled()

    assert Refund.objects.get(pk=refund.pk).state == "ABNORMAL"
    case = ExceptionCase.objects.get(number=refund.number)
    assert (case.kind, case.payment_id, case.amount) == ("REFUND_ABNORMAL", refund.payment_id, 0)

    sandbox.finish_refund(refund.number)
    settled()

    assert Refund.objects.get(pk=refund.pk).state == "SUCCESS"
    assert ExceptionCase.objects.get(pk=case.pk).state == "RESOLVED"


def test_nothing_leaves_a_frozen_wallet(customer, top_up):
    top_up(customer, 900)
    user_id = user_of(customer)
    freeze_wallet(wallet_id=open_wallet(user_id=user_id).pk, reason="涉嫌盗用")

    with pytest.raises(WalletFrozen):
        pay_out_rest(user_id=user_id)

    assert not Refund.objects.filter(payment__payer=user_id).exists()
    assert LedgerAccount.objects.get(wallet__user=user_id, code="principal").balance == 900
    assert not Record.objects.filter(wallet__user=user_id, kind="payout").exists()
    assert Payment.objects.filter(payer=user_id).count() == 1
