"""What was sent to be taken: taken, refused, taken back, or too late."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.rules.kyc import KycLevel
from wallet.errors import BalanceCapExceeded, TransferOver
from wallet.models import Quote, Transfer
from wallet.services.freezes import freeze_wallet
from wallet.services.integrity import check_ledger
from wallet.services.leaving import end_dealings
from wallet.services.waiting_transfers import (
    accept_transfer,
    cancel_transfer,
    decline_transfer,
    return_overdue_transfers,
)
from wallet.tests.dealings import send_to_wait, somebody, transfer_events, used_by
from wallet.tests.factories import make_schedule
from wallet_project.kit import clock
from wallet_project.kit.errors import NotFound
from wallet_project.kit.models import StoredEvent
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


def test_what_waits_is_held_and_arrives_when_it_is_taken(payer, payee):
    make_schedule("transfer", rate=100)
    sent = send_to_wait(payer, payee, 3_000)
    assert (sent.state, sent.journal_id) == ("WAITING", None)
    assert (payer.money, payee.money) == ((10_000, 3_030), (0, 0))
    assert payer.history == payee.history == []

    for _ in range(2):
        taken = accept_transfer(receiver_id=payee.id, number=sent.number)

    assert taken.state == "ACCEPTED"
    assert (payer.money, payee.money) == ((6_970, 0), (3_000, 0))
    assert (payer.history, payee.history) == ([("transfer_out", 3_030)], [("transfer_in", 3_000)])
    assert used_by(payer)["transfer"] == 3_000
    assert transfer_events(payer) == ["wallet.transfer.waiting", "wallet.transfer.accepted"]
    assert check_ledger().findings == []


def let_it_expire(payer, payee, number):
    at = Transfer.objects.get(number=number).accept_by
    assert return_overdue_transfers(at=at - timedelta(seconds=1), limit=10) == 0
    assert return_overdue_transfers(at=at, limit=10) == 1


ENDS = {
    "DECLINED": lambda payer, payee, number: decline_transfer(receiver_id=payee.id, number=number),
    "CANCELLED": lambda payer, payee, number: cancel_transfer(sender_id=payer.id, number=number),
    "EXPIRED": let_it_expire,
}


@pytest.mark.parametrize("state", ENDS)
def test_what_is_not_taken_returns_with_its_limit_and_its_quote(payer, payee, state):
    sent = send_to_wait(payer, payee, 3_000)

    ENDS[state](payer, payee, sent.number)

    sent.refresh_from_db()
    assert sent.state == state
    assert (payer.money, payee.money) == ((10_000, 0), (0, 0))
    assert payer.history == payee.history == []
    assert used_by(payer) == {"transfer": 0, "out": 0}
    assert Quote.objects.get(pk=sent.quote_id).state == "RETURNED"
    assert transfer_events(payer) == ["wallet.transfer.waiting", "wallet.transfer.returned"]
    told = StoredEvent.objects.get(name="wallet.transfer.returned", payload__number=sent.number)
    assert told.payload["state"] == state
    with pytest.raises(TransferOver):
        accept_transfer(receiver_id=payee.id, number=sent.number)
    assert payee.money == (0, 0)


@pytest.mark.parametrize("state", ["DECLINED", "CANCELLED"])
def test_ending_twice_is_ending(payer, payee, state):
    sent = send_to_wait(payer, payee, 3_000)

    for _ in range(2):
        ended = ENDS[state](payer, payee, sent.number)

    assert ended.state == state
    assert used_by(payer) == {"transfer": 0, "out": 0}
    assert transfer_events(payer).count("wallet.transfer.returned") == 1


@pytest.mark.parametrize("state", ["DECLINED", "CANCELLED"])
def test_what_was_taken_does_not_return(payer, payee, state):
    sent = send_to_wait(payer, payee, 3_000)
    accept_transfer(receiver_id=payee.id, number=sent.number)

    with pytest.raises(TransferOver) as refused:
        ENDS[state](payer, payee, sent.number)

    assert refused.value.detail == {"state": "ACCEPTED"}
    assert payee.money == (3_000, 0)


def test_too_late_is_too_late_before_anybody_sweeps(payer, payee, monkeypatch):
    sent = send_to_wait(payer, payee, 3_000, hours=1)
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(TransferOver) as refused:
        accept_transfer(receiver_id=payee.id, number=sent.number)

    assert refused.value.detail == {"state": "EXPIRED"}
    assert (payer.money, payee.money) == ((10_000, 3_000), (0, 0))


def test_only_its_receiver_takes_it_and_only_its_sender_takes_it_back(payer, payee):
    sent, other = send_to_wait(payer, payee, 3_000), somebody()

    for answer in (
        lambda: accept_transfer(receiver_id=payer.id, number=sent.number),
        lambda: accept_transfer(receiver_id=other.id, number=sent.number),
        lambda: decline_transfer(receiver_id=payer.id, number=sent.number),
        lambda: decline_transfer(receiver_id=other.id, number=sent.number),
        lambda: cancel_transfer(sender_id=payee.id, number=sent.number),
        lambda: cancel_transfer(sender_id=other.id, number=sent.number),
        lambda: accept_transfer(receiver_id=payee.id, number="T0"),
    ):
        with pytest.raises(NotFound):
            answer()
    sent.refresh_from_db()
    assert sent.state == "WAITING"


def test_without_room_it_goes_on_waiting(payer):
    unknown = somebody(CAP_OF_NOBODY - 2_000, level=KycLevel.NONE)
    sent = send_to_wait(payer, unknown, 3_000)

    with pytest.raises(BalanceCapExceeded):
        accept_transfer(receiver_id=unknown.id, number=sent.number)

    sent.refresh_from_db()
    assert sent.state == "WAITING"
    assert payer.money == (10_000, 3_000)


def test_a_freeze_does_not_take_back_what_was_promised(payer, payee):
    sent = send_to_wait(payer, payee, 3_000)
    freeze_wallet(wallet_id=payer.wallet.pk, reason="公安协查")

    accept_transfer(receiver_id=payee.id, number=sent.number)

    assert (payer.money, payee.money) == ((7_000, 0), (3_000, 0))


def test_whoever_leaves_takes_nothing_more(payer, payee):
    sent = send_to_wait(payer, payee, 3_000)

    with transaction.atomic():
        end_dealings(user_id=payee.id, gives_up=0)
        end_dealings(user_id=payee.id, gives_up=0)

    sent.refresh_from_db()
    assert sent.state == "DECLINED"
    assert payer.money == (10_000, 0)


def test_while_money_stands_still_nothing_is_taken_and_all_may_be_taken_back(payer, payee):
    sent = send_to_wait(payer, payee, 1_000)
    pause_flow(flow=Flow.TRANSFER, reason="演练")

    with pytest.raises(Paused):
        accept_transfer(receiver_id=payee.id, number=sent.number)
    assert (payer.money, payee.money) == ((10_000, 1_000), (0, 0))

    cancel_transfer(sender_id=payer.id, number=sent.number)
    assert payer.money == (10_000, 0)
