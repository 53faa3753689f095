"""Many transfers at the same moment: every fen once, one winner, and nobody waits in a circle."""

import random
from collections import Counter

import pytest
from django.db import transaction

from accounts.rules.kyc import KycLevel
from wallet.errors import InsufficientBalance, TransferOver, WalletFrozen
from wallet.models import Record, Transfer, Withdrawal
from wallet.services.freezes import freeze_wallet
from wallet.services.quotes import make_quote
from wallet.services.transfers import send_transfer
from wallet.services.waiting_transfers import (
    accept_transfer,
    cancel_transfer,
    decline_transfer,
    return_overdue_transfers,
)
from wallet.services.withdrawals import open_withdrawal
from wallet.tests.dealings import ready_to_send, send_to_wait, somebody, used_by
from wallet.tests.factories import topped_up
from wallet_project.kit import clock

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def kinds_of(answers):
    return Counter(type(answer) for answer in answers)


def test_fifty_transfers_out_of_a_balance_that_covers_one(in_parallel):
    payer, payee = somebody(10_000, level=KycLevel.III), somebody()
    wishes = [ready_to_send(payer, payee, 6_000) for _ in range(50)]

    answers = in_parallel([lambda wish=wish: send_transfer(**wish) for wish in wishes])

    assert kinds_of(answers) == {Transfer: 1, InsufficientBalance: 49}
    assert (payer.money, payee.money) == ((4_000, 0), (6_000, 0))
    assert used_by(payer) == {"transfer": 6_000, "out": 6_000}
    assert payer.history == [("transfer_out", 6_000)]


def test_one_wish_fifty_times_moves_once(in_parallel):
    payer, payee = somebody(10_000), somebody()
    wish = ready_to_send(payer, payee, 100)

    answers = in_parallel([lambda: send_transfer(**wish)] * 50)

    assert kinds_of(answers)[Transfer] == 1
    assert (payer.money, payee.money) == ((9_900, 0), (100, 0))


def test_crossed_pairs_never_wait_in_a_circle(in_parallel):
    people = [somebody(1_000, level=KycLevel.III) for _ in range(20)]  # who may send fifty times a day
    pairs = [
        (people[place], people[(place + step) % 20])
        for place in range(20)
        for step in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
    ] * 2
    random.Random(7).shuffle(pairs)
    wishes = [ready_to_send(payer, payee, 10) for payer, payee in pairs]

    answers = in_parallel([lambda wish=wish: send_transfer(**wish) for wish in wishes], threads=16)

    assert kinds_of(answers) == {Transfer: 400}
    assert sum(person.money[0] for person in people) == 20 * 1_000


@pytest.mark.parametrize("_once", range(5))
def test_taking_refusing_taking_back_and_time_have_one_winner(in_parallel, _once):
    payer, payee = somebody(10_000), somebody()
    sent = send_to_wait(payer, payee, 3_000)

    answers = in_parallel(
        [
            lambda: accept_transfer(receiver_id=payee.id, number=sent.number),
            lambda: decline_transfer(receiver_id=payee.id, number=sent.number),
            lambda: cancel_transfer(sender_id=payer.id, number=sent.number),
            lambda: return_overdue_transfers(at=sent.accept_by, limit=100),
        ]
    )

    sent.refresh_from_db()
    taken = sent.state == "ACCEPTED"
    assert sum(isinstance(answer, Transfer) for answer in answers[:3]) == (sent.state != "EXPIRED")
    assert all(isinstance(answer, Transfer | TransferOver) for answer in answers[:3])
    assert payer.money == (7_000 if taken else 10_000, 0)
    assert payee.money == (3_000 if taken else 0, 0)
    assert Record.objects.filter(reference=sent.number).count() == (2 if taken else 0)
    assert used_by(payer)["transfer"] == (3_000 if taken else 0)


def test_two_sweeps_at_once_return_each_transfer_once(in_parallel):
    payer, payee = somebody(10_000), somebody()
    sent = [send_to_wait(payer, payee, 100) for _ in range(10)]

    returned = in_parallel([lambda: return_overdue_transfers(at=sent[-1].accept_by, limit=100)] * 4)

    assert sum(returned) >= 10
    assert {Transfer.objects.get(pk=one.pk).state for one in sent} == {"EXPIRED"}
    assert payer.money == (10_000, 0)
    assert used_by(payer)["transfer"] == 0


@pytest.mark.parametrize("_once", range(5))
def test_a_freeze_and_a_transfer_come_one_after_the_other(in_parallel, _once):
    payer, payee = somebody(10_000), somebody()
    wish = ready_to_send(payer, payee, 3_000)

    answer, _frozen = in_parallel(
        [lambda: send_transfer(**wish), lambda: freeze_wallet(wallet_id=payer.wallet.pk, reason="公安协查")]
    )

    sent = isinstance(answer, Transfer)
    assert sent or isinstance(answer, WalletFrozen)
    assert (payer.money[0], payee.money[0]) == ((7_000, 3_000) if sent else (10_000, 0))
    assert Transfer.objects.filter(sender=payer.id).count() == sent


def test_what_came_without_a_gift_leaves_once_whichever_way(in_parallel):
    payer, payee = somebody(5_000), somebody()
    topped_up(payer.wallet, 10_000, bonus=2_000)
    sent = [ready_to_send(payer, payee, 5_000) for _ in range(3)]
    asked = [
        {
            "user_id": payer.id,
            "wallet_id": payer.wallet.pk,
            "amount": 5_000,
            "quote_id": make_quote(user_id=payer.id, kind="withdraw", amount=5_000, facts={}).public_id,
            "at": clock.now(),
        }
        for _ in range(3)
    ]

    def withdraw(wish):
        with transaction.atomic():
            return open_withdrawal(**wish)

    calls = [lambda wish=wish: send_transfer(**wish) for wish in sent]
    calls += [lambda wish=wish: withdraw(wish) for wish in asked]
    answers = in_parallel(calls)

    assert sum(kinds_of(answers)[kind] for kind in (Transfer, Withdrawal)) == 1, answers
    balance, held = payer.money
    assert balance - held == 10_000
