"""Own money goes back to WeChat, the way it came."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.errors import ClosureNotBegun, StepUpRequired
from accounts.models import ClosureRequest, Device, User
from accounts.rules.step_up import Operation
from accounts.services.closures import begin_closure, cancel_closure
from accounts.tests.factories import LoggedIn, grant_for, with_pin
from payments.errors import NothingToPayOut
from payments.models import ExceptionCase, MerchantTransfer, Payment, Refund
from payments.services.payouts import pay_out_rest
from wallet.errors import InsufficientBalance, WalletFrozen
from wallet.models import LedgerAccount, Record
from wallet.services.freezes import freeze_wallet
from wallet.services.wallets import open_wallet
from wallet_project.kit import clock
from wallet_project.kit.testing.wire import Api


@pytest.fixture
def leaver(customer: Api) -> LoggedIn:
    """The customer, who wants to leave."""
    device = Device.objects.select_related("user").get(device_id=customer.device_id)
    begin_closure(user_id=device.user_id, reason="NOT_USED")
    return with_pin(LoggedIn(user=device.user, device=device, tokens=None))


def pay_out(leaver: LoggedIn, amount: int, *, grant: str | None = None) -> list[Refund]:
    operation = Operation(kind="account.close", amount=amount, facts={"payee": "余额退回微信"})
    return pay_out_rest(
        user_id=leaver.user.pk,
        device_id=leaver.device.device_id,
        grant=grant_for(leaver, operation) if grant is None else grant,
    )


def test_the_rest_goes_back_to_the_top_ups_it_came_from(customer, leaver, top_up, place_order, pay, settled):
    top_up(customer, 3_000)
    top_up(customer, 1_000)
    pay(customer, place_order(customer, 500), "balance")

    refunds = pay_out(leaver, 3_500)
    settled()

    assert sorted(refund.amount for refund in refunds) == [1_000, 2_500]
    assert {Refund.objects.get(pk=refund.pk).state for refund in refunds} == {"SUCCESS"}
    assert customer.get("wallet").json()["total"] == 0
    assert [item["kind"] for item in customer.get("wallet/records").json()["items"][:2]] == ["payout"] * 2
    with pytest.raises(NothingToPayOut):
        pay_out(leaver, 0, grant="")


def test_many_payouts_at_once_pay_once(customer, leaver, top_up, settled, in_parallel):
    top_up(customer, 900)
    operation = Operation(kind="account.close", amount=900, facts={"payee": "余额退回微信"})
    grants = [grant_for(leaver, operation) for _ in range(8)]

    outcomes = in_parallel([lambda grant=grant: pay_out(leaver, 900, grant=grant) for grant in grants])
    settled()

    paid = [outcome for outcome in outcomes if isinstance(outcome, list)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, NothingToPayOut | InsufficientBalance)]
    assert (len(paid), len(refused)) == (1, 7)
    assert sum(refund.amount for refund in Refund.objects.filter(payment__payer=leaver.user)) == 900


def test_what_cannot_go_back_is_transferred_and_the_account_waits_for_it(
    customer, leaver, top_up, sandbox, settled
):
    top_up(customer, 900)
    Payment.objects.filter(payer=leaver.user).update(settled_at=clock.now() - timedelta(days=365))
    top_up(customer, 500)

    refund, transfer = pay_out(leaver, 1_400)
    settled()

    assert (refund.amount, transfer.amount) == (500, 900)
    told = customer.get("me/closure/payout").json()["items"]
    waiting = next(one for one in told if one["number"] == transfer.number)
    assert {one["code"] for one in customer.get("me/closure").json()["blockers"]} == {"TRANSFERS_UNDER_WAY"}
    with pytest.raises(NothingToPayOut):
        pay_out(leaver, 0, grant="")

    sandbox.take_transfer(waiting["confirm"]["package"])
    settled()

    assert MerchantTransfer.objects.get(pk=transfer.pk).state == "SUCCESS"
    assert customer.get("me/closure").json()["blockers"] == []
    assert customer.get("wallet").json()["total"] == 0


def test_what_wechat_does_not_do_returns_to_the_wallet_and_may_be_tried_again(
    customer, leaver, top_up, sandbox, settled
):
    top_up(customer, 900)
    sandbox.fault("refund_closed")

    pay_out(leaver, 900)
    settled()

    assert customer.get("wallet").json()["principal"] == 900
    assert customer.get("wallet/records").json()["items"][0]["kind"] == "payout_returned"

    pay_out(leaver, 900)
    settled()

    assert customer.get("wallet").json()["principal"] == 0


def test_what_wechat_cannot_deliver_is_a_case_until_somebody_helps_it_on(
    customer, leaver, top_up, sandbox, settled
):
    top_up(customer, 900)
    sandbox.fault("refund_abnormal")

    [refund] = pay_out(leaver, 900)
    settled()

    assert Refund.objects.get(pk=refund.pk).state == "ABNORMAL"
    case = ExceptionCase.objects.get(number=refund.number)
    assert (case.kind, case.payment_id, case.amount) == ("REFUND_ABNORMAL", refund.payment_id, 0)

    sandbox.finish_refund(refund.number)
    settled()

    assert Refund.objects.get(pk=refund.pk).state == "SUCCESS"
    assert ExceptionCase.objects.get(pk=case.pk).state == "RESOLVED"


def test_nothing_leaves_a_frozen_wallet(customer, leaver, top_up):
    top_up(customer, 900)
    freeze_wallet(wallet_id=open_wallet(user_id=leaver.user.pk).pk, reason="涉嫌盗用")

    with pytest.raises(WalletFrozen):
        pay_out(leaver, 900)

    nothing_left(leaver.user)


def test_nothing_leaves_without_proof_nor_from_somebody_who_stays(customer, leaver, top_up):
    top_up(customer, 900)

    with pytest.raises(StepUpRequired):
        pay_out(leaver, 900, grant="")
    cancel_closure(user_id=leaver.user.pk)
    with pytest.raises(ClosureNotBegun):
        pay_out(leaver, 900)

    nothing_left(leaver.user)


def test_a_payout_waits_for_the_closing_that_is_under_way(customer, leaver, top_up, in_parallel):
    top_up(customer, 900)
    grant = grant_for(leaver, Operation(kind="account.close", amount=900, facts={"payee": "余额退回微信"}))
    over = threading.Event()

    def end_slowly():
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=leaver.user.pk)
            live = ClosureRequest.objects.filter(user=leaver.user, state="OPEN")
            live.update(state="CANCELLED", ended_at=clock.now())
            over.set()
            time.sleep(1)

    def take_along():
        assert over.wait(timeout=10)
        return pay_out(leaver, 900, grant=grant)

    _ended, paid_out = in_parallel([end_slowly, take_along])

    assert isinstance(paid_out, ClosureNotBegun)
    nothing_left(leaver.user)


def nothing_left(user: User) -> None:
    assert not Refund.objects.filter(payment__payer=user).exists()
    assert LedgerAccount.objects.get(wallet__user=user, code="principal").balance == 900
    assert not Record.objects.filter(wallet__user=user, kind="payout").exists()
