"""Somebody leaves while others have dealings with them: nobody waits in a circle."""

import pytest
from django.db.transaction import atomic

from accounts.rules.kyc import KycLevel
from wallet.models import MoneyRequest
from wallet.rules.kinds import MoveKind
from wallet.services.balance_caps import hold_room
from wallet.services.holds import place_hold
from wallet.services.leaving import end_dealings
from wallet.services.limits import use_limit
from wallet.services.money_requests import lock_request, request_money
from wallet.tests.dealings import send_to_wait, somebody, token_for, used_by
from wallet.tests.factories import new_key
from wallet_project.kit import clock

pytestmark = pytest.mark.committed


def in_one_step(function, **how):
    def step():
        with atomic():
            return function(**how)

    return step


def test_whoever_leaves_waits_for_a_sender_and_has_nothing_that_the_sender_needs(hands):
    """As a sender answers the request of somebody who leaves, lock by lock; docs/locking.md has the order."""
    leaver = somebody()
    first, second = [somebody(100_00, level=KycLevel.III) for _ in range(2)]
    sent = [send_to_wait(sender, leaver, 10_00) for sender in (second, first)]
    request = request_money(requester_id=leaver.id, payee_token=token_for(leaver, first), amount=5_00)
    sending, leaving = hands
    moves = {"kind": MoveKind.TRANSFER, "amount": 5_00, "at": clock.now()}

    sending.does(in_one_step(use_limit, user_id=first.id, **moves))
    gone = leaving.starts(in_one_step(end_dealings, user_id=leaver.id, gives_up=0))
    assert leaving.is_seen_waiting(gone)
    sending.does(in_one_step(use_limit, user_id=second.id, **moves))
    sending.does(in_one_step(lock_request, number=request.number))
    sending.does(in_one_step(hold_room, user_id=leaver.id))
    for sender in (first, second):
        promise = {"wallet_id": sender.wallet.pk, "amount": 1, "key": new_key("hold"), "reference": "T1"}
        sending.does(in_one_step(place_hold, **promise))
    sending.rolls_back()
    gone.result(timeout=10)
    leaving.commits()

    for sender in (first, second):
        assert (sender.money, used_by(sender)["transfer"]) == ((100_00, 0), 0)
    for transfer in sent:
        transfer.refresh_from_db()
    assert [transfer.state for transfer in sent] == ["DECLINED", "DECLINED"]
    assert MoneyRequest.objects.get(pk=request.pk).state == "CANCELLED"


def test_whoever_leaves_waits_for_a_transfer_to_them_before_they_have_its_senders_money(hands):
    leaver, sender = somebody(), somebody(100_00)
    send_to_wait(sender, leaver, 10_00)
    sending, leaving = hands

    sending.does(in_one_step(hold_room, user_id=leaver.id))
    gone = leaving.starts(in_one_step(end_dealings, user_id=leaver.id, gives_up=0))
    assert leaving.is_seen_waiting(gone)
    promise = {"wallet_id": sender.wallet.pk, "amount": 1, "key": new_key("hold"), "reference": "T2"}
    sending.does(in_one_step(place_hold, **promise))
    sending.rolls_back()
    gone.result(timeout=10)
    leaving.commits()

    assert sender.money == (100_00, 0)
