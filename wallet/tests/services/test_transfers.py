"""From one customer to another: at once, or when they take it; and on every no, nothing moved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import OperationRefused, StepUpRefused, StepUpRequired
from accounts.models import StepUpChallenge
from accounts.rules.kyc import KycLevel
from wallet.errors import (
    AmountNotAsked,
    InsufficientBalance,
    LimitExceeded,
    NotInThisMode,
    PayeeCannotReceive,
    PayeeTokenRefused,
    QuoteNotValid,
    QuoteUsed,
    TextRefused,
    WalletFrozen,
)
from wallet.models import Hold, Journal, Quote, Record, Transfer
from wallet.services.freezes import freeze_wallet
from wallet.services.integrity import check_ledger
from wallet.services.transfers import send_transfer
from wallet.services.wallets import close_wallet
from wallet.tests.dealings import (
    proof_for,
    quote_for,
    ready_to_send,
    send,
    somebody,
    token_for,
    transfer_events,
    used_by,
)
from wallet.tests.factories import fill, make_schedule
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.models import Flow
from wallet_project.pauses.services import pause_flow

pytestmark = pytest.mark.django_db

CAP_OF_NOBODY = 1_000_00  # what a wallet of somebody unknown may hold


@pytest.fixture
def payer():
    return somebody(10_000, nickname="小明")


@pytest.fixture
def payee():
    return somebody(nickname="小娜")


def nothing_moved(payer, payee, money=(10_000, 0)):
    assert payer.money == money
    assert payee.money == (0, 0)
    assert payer.history == payee.history == []
    assert not Transfer.objects.filter(sender=payer.id).exists()
    assert not Hold.objects.filter(wallet=payer.wallet).exists()
    assert not Quote.objects.filter(user=payer.id, state="TAKEN").exists()
    assert not StepUpChallenge.objects.filter(user=payer.id, state="SPENT").exists()
    assert used_by(payer) == {}
    assert transfer_events(payer) == []
    return True


def test_a_transfer_moves_own_money_in_one_journal(payer, payee):
    sent = send(payer, payee, 3_000, remark="  午  饭 ")

    assert (sent.state, sent.amount, sent.fee, sent.remark) == ("ACCEPTED", 3_000, 0, "午 饭")
    assert (payer.money, payee.money) == ((7_000, 0), (3_000, 0))
    journal = Journal.objects.get(reference=sent.number)
    assert (journal.kind, journal.pk) == ("transfer", sent.journal_id)
    gave, got = Record.objects.filter(journal=journal).order_by("direction")[::-1]
    assert (gave.kind, gave.amount, gave.counterparty, gave.balance_after) == (
        "transfer_out",
        3_000,
        f"user:{payee.user.uid}",
        7_000,
    )
    assert (got.kind, got.amount, got.counterparty, got.balance_after) == (
        "transfer_in",
        3_000,
        f"user:{payer.user.uid}",
        3_000,
    )
    assert (gave.counterparty_name, got.counterparty_name) == ("小娜（欧*）", "小明（欧*）")
    assert (gave.title, got.title) == ("午 饭", "午 饭")
    assert used_by(payer) == {"transfer": 3_000, "out": 3_000}
    assert transfer_events(payer) == ["wallet.transfer.sent"]
    assert check_ledger().findings == []


def test_without_a_remark_a_record_says_what_it_is(payer, payee):
    send(payer, payee, 100)

    records = Record.objects.filter(wallet__in=[payer.wallet, payee.wallet], kind__startswith="transfer")
    assert [record.title for record in records.order_by("pk")] == ["转账", "收到转账"]


def test_the_sender_bears_the_fee_that_was_quoted(payer, payee):
    make_schedule("transfer", rate=100)  # one per cent

    sent = send(payer, payee, 3_000)

    assert sent.fee == 30
    assert (payer.money, payee.money) == ((6_970, 0), (3_000, 0))
    assert payer.history == [("transfer_out", 3_030)]
    assert payee.history == [("transfer_in", 3_000)]


def test_gifts_are_not_sent_on(payee):
    payer = somebody(1_000)
    fill(payer.wallet, bonus=5_000, cashback=5_000)

    with pytest.raises(InsufficientBalance) as refused:
        send(payer, payee, 3_000)

    assert refused.value.detail == {"needed": 3_000, "available": 1_000}
    assert nothing_moved(payer, payee, money=(1_000, 0))


def test_nobody_is_asked_to_prove_what_they_cannot_pay(payer, payee):
    wish = {**ready_to_send(payer, payee, 3_000), "amount": 10_001, "grant": ""}

    with pytest.raises(InsufficientBalance):
        send_transfer(**wish)


def test_it_is_proven_first_and_shows_whom(payer, payee):
    wish = {**ready_to_send(payer, payee, 3_000), "grant": ""}

    with pytest.raises(StepUpRequired) as asked:
        send_transfer(**wish)

    assert asked.value.detail["operation"].startswith("转账 ¥30.00 小娜")
    assert nothing_moved(payer, payee)


@pytest.mark.parametrize("change", ["amount", "payee", "quote", "device"])
def test_a_proof_is_good_for_this_amount_payee_quote_and_device(payer, payee, change):
    other = somebody()
    wish = ready_to_send(payer, payee, 3_000)
    if change == "amount":
        wish |= {"amount": 3_001, "quote_id": quote_for(payer, wish["payee_token"], 3_001)}
    elif change == "payee":
        token = token_for(payer, other)
        wish |= {"payee_token": token, "quote_id": quote_for(payer, token, 3_000)}
    elif change == "quote":
        wish |= {"quote_id": quote_for(payer, wish["payee_token"], 3_000)}
    else:
        wish |= {"device_id": "another"}

    with pytest.raises(StepUpRefused):
        send_transfer(**wish)

    assert nothing_moved(payer, payee)


def test_a_quote_is_good_for_one_transfer_to_whom_it_was_made_for(payer, payee):
    other = somebody()
    for_other = quote_for(payer, token_for(payer, other), 3_000)
    token = token_for(payer, payee)
    wish = {**ready_to_send(payer, payee, 3_000, payee_token=token), "quote_id": for_other}
    wish["grant"] = proof_for(payer, token, 3_000, for_other)
    with pytest.raises(QuoteNotValid):
        send_transfer(**wish)
    assert nothing_moved(payer, payee)

    wish = ready_to_send(payer, payee, 3_000, payee_token=token)
    send_transfer(**wish)
    wish["grant"] = proof_for(payer, token, 3_000, wish["quote_id"])
    with pytest.raises(QuoteUsed):
        send_transfer(**wish)
    assert payer.money == (7_000, 0)


@pytest.mark.parametrize("token", ["", "made up", "AQAB" * 40])
def test_a_token_that_is_none_pays_nobody(payer, payee, token):
    with pytest.raises(PayeeTokenRefused):
        send_transfer(**{**ready_to_send(payer, payee, 3_000), "payee_token": token})

    assert nothing_moved(payer, payee)


def test_somebody_elses_token_pays_nobody(payer, payee):
    theirs = token_for(somebody(), payee)

    with pytest.raises(PayeeTokenRefused):
        send_transfer(**{**ready_to_send(payer, payee, 3_000), "payee_token": theirs})

    assert nothing_moved(payer, payee)


def test_whoever_asked_for_an_amount_gets_that_amount(payer, payee):
    token = token_for(payer, payee, amount=2_500)

    with pytest.raises(AmountNotAsked) as refused:
        send(payer, payee, 3_000, payee_token=token)
    assert refused.value.detail == {"amount": 2_500}
    assert nothing_moved(payer, payee)

    send(payer, payee, 2_500, payee_token=token)
    assert payee.money == (2_500, 0)


def test_a_remark_is_fit_to_be_read(payer, payee):
    with pytest.raises(TextRefused):
        send(payer, payee, 3_000, remark="转到安 全 账 户")

    assert nothing_moved(payer, payee)


def test_a_frozen_wallet_sends_nothing_and_still_receives(payer, payee):
    back = somebody(500)
    wish = ready_to_send(payer, payee, 3_000)
    freeze_wallet(wallet_id=payer.wallet.pk, reason="公安协查")

    with pytest.raises(WalletFrozen):
        send_transfer(**wish)
    assert nothing_moved(payer, payee)
    with pytest.raises(WalletFrozen):
        send_transfer(**{**wish, "accept_within": timedelta(hours=1)})
    assert nothing_moved(payer, payee)

    send(back, payer, 500)
    assert payer.money == (10_500, 0)


def test_a_wallet_that_closed_meanwhile_gets_nothing(payer, payee):
    wishes = [ready_to_send(payer, payee, 3_000), ready_to_send(payer, payee, 3_000)]
    with transaction.atomic():
        close_wallet(user_id=payee.id, gives_up=0)

    for wish in (wishes[0], {**wishes[1], "accept_within": timedelta(hours=1)}):
        with pytest.raises(PayeeCannotReceive):
            send_transfer(**wish)
        assert nothing_moved(payer, payee)


def test_how_much_somebody_may_hold_is_kept_and_not_told(payer):
    unknown = somebody(CAP_OF_NOBODY - 2_000, level=KycLevel.NONE)

    with pytest.raises(PayeeCannotReceive) as refused:
        send(payer, unknown, 3_000)

    assert refused.value.detail == {}
    assert payer.money == (10_000, 0)
    assert unknown.money == (CAP_OF_NOBODY - 2_000, 0)
    assert not Transfer.objects.filter(sender=payer.id).exists()


def test_limits_are_counted_with_the_money(payee):
    payer = somebody(100_000, level=KycLevel.I)  # 200 yuan each, 500 a day

    with pytest.raises(LimitExceeded) as refused:
        send(payer, payee, 20_001)
    assert refused.value.detail["period"] == "single"
    assert nothing_moved(payer, payee, money=(100_000, 0))

    for _ in range(2):
        send(payer, payee, 20_000)
    with pytest.raises(LimitExceeded) as refused:
        send(payer, payee, 10_001)
    assert (refused.value.detail["period"], refused.value.detail["left"]) == ("day", 10_000)
    assert payer.money == (60_000, 0)


def test_a_stranger_without_a_phone_sends_nothing(payee):
    payer = somebody(1_000, level=KycLevel.NONE)

    with pytest.raises((LimitExceeded, OperationRefused)):
        send(payer, payee, 100)

    assert nothing_moved(payer, payee, money=(1_000, 0))


def test_while_money_stands_still_nothing_is_sent(payer, payee):
    wish = ready_to_send(payer, payee, 3_000)
    pause_flow(flow=Flow.TRANSFER, reason="演练")

    with pytest.raises(Paused):
        send_transfer(**wish)

    assert nothing_moved(payer, payee)


def test_a_closed_loop_moves_nothing_from_person_to_person(payer, payee, settings):
    wish = ready_to_send(payer, payee, 3_000)
    settings.WALLET_MODE = "closed_loop"

    with pytest.raises(NotInThisMode):
        send_transfer(**wish)

    assert nothing_moved(payer, payee)


def test_nobody_transfers_to_themselves_whatever_the_code_does(payer, payee):
    sent = send(payer, payee, 100)

    with pytest.raises(IntegrityError, match="nobody_transfers_to_themselves"), transaction.atomic():
        Transfer.objects.filter(pk=sent.pk).update(receiver=payer.id)
