"""A wallet is stopped so far and so long."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.models import User
from wallet.errors import FrozenAnew, WalletFrozen, WalletNotFrozen, WalletReceivesNothing
from wallet.models import Wallet, WalletStatus
from wallet.rules.freezes import FreezeCause, FreezeScope
from wallet.rules.postings import Leg, transfer_legs
from wallet.selectors.balances import balance_of
from wallet.services.freezes import end_freeze, end_freezes, freeze_wallet, propose_unfreeze, unfreeze_wallet
from wallet.services.ledger import Lots, post_journal
from wallet.tests.factories import amounts_in, make_wallet, new_key
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db


def send(sender, receiver, amount=10):
    legs = transfer_legs(sender_id=sender.pk, receiver_id=receiver.pk, amount=amount, fee=0)
    with transaction.atomic():
        return post_journal(kind="transfer", key=new_key(), legs=legs)


@pytest.mark.parametrize(
    ("scope", "gives", "takes"),
    [(FreezeScope.OUT, False, True), (FreezeScope.IN, True, False), (FreezeScope.ALL, False, False)],
)
def test_each_scope_stops_its_direction_and_nothing_moves(scope, gives, takes):
    stopped, other = make_wallet(principal=100), make_wallet(principal=100)
    freeze_wallet(wallet_id=stopped.pk, reason="协查", scope=scope)

    if gives:
        send(stopped, other)
    else:
        with pytest.raises(WalletFrozen):
            send(stopped, other)
    if takes:
        send(other, stopped, 30)
    else:
        with pytest.raises(WalletReceivesNothing):
            send(other, stopped, 30)

    expected = 100 - 10 * gives + 30 * takes
    assert amounts_in(stopped) == {"principal": (expected, 0)}


def test_what_is_the_owners_already_comes_back_whatever_is_stopped():
    stopped = make_wallet(principal=100)
    legs = [Leg("principal", -60, stopped.pk), Leg("merchant_sales", 60)]
    paid = post_journal(kind="order_payment", key=new_key(), legs=legs)
    freeze_wallet(wallet_id=stopped.pk, reason="协查", scope=FreezeScope.ALL)

    post_journal(
        kind="refund",
        key=new_key(),
        legs=[Leg("merchant_sales", -60), Leg("principal", 60, stopped.pk)],
        lots=Lots(restores=paid.journal_id, owed=True),
    )

    assert amounts_in(stopped) == {"principal": (100, 0)}


def test_its_owner_reads_why_and_until_when():
    stopped = make_wallet(principal=100)
    until = clock.now() + timedelta(days=3)

    freeze_wallet(
        wallet_id=stopped.pk,
        reason="内部说明",
        scope=FreezeScope.IN,
        cause=FreezeCause.COMPLAINT,
        until=until,
    )

    balance = balance_of(stopped.user_id)
    assert (balance.frozen, balance.receives_nothing) == (False, True)
    assert (balance.stopped_because, balance.stopped_until) == ("投诉处理中", until)
    event = StoredEvent.objects.get(name="wallet.wallet.stopped", aggregate=f"user:{stopped.user_id}")
    assert event.payload["cause"] == "COMPLAINT"


def test_a_freeze_with_an_end_ends_by_itself_and_no_sooner():
    stopped, other = make_wallet(principal=100), make_wallet()
    freeze_wallet(wallet_id=stopped.pk, reason="协查", until=clock.now() + timedelta(days=1))

    assert end_freezes() == 0
    with pytest.raises(WalletFrozen):
        send(stopped, other)
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        assert end_freezes() == 1
        assert end_freezes() == 0
    send(stopped, other)

    assert amounts_in(stopped) == {"principal": (90, 0)}


def test_a_second_freeze_never_lets_go_what_the_first_stopped():
    stopped, other = make_wallet(principal=100), make_wallet(principal=100)
    freeze_wallet(wallet_id=stopped.pk, reason="协查", scope=FreezeScope.OUT)

    soon = clock.now() + timedelta(days=1)
    frozen = freeze_wallet(wallet_id=stopped.pk, reason="再次协查", scope=FreezeScope.IN, until=soon)

    assert (frozen.status, frozen.frozen_until) == (WalletStatus.ALL_FROZEN, None)
    with pytest.raises(WalletFrozen):
        send(stopped, other)
    with pytest.raises(WalletReceivesNothing):
        send(other, stopped)
    with time_machine.travel(soon + timedelta(days=1)):
        assert end_freezes() == 0
    assert amounts_in(stopped) == {"principal": (100, 0)}


def test_a_freeze_ends_with_the_later_of_two():
    stopped = make_wallet(principal=100)
    early, late = (clock.now() + timedelta(days=days) for days in (1, 3))
    freeze_wallet(wallet_id=stopped.pk, reason="协查", until=late)

    frozen = freeze_wallet(wallet_id=stopped.pk, reason="再次协查", until=early)

    assert (frozen.status, frozen.frozen_until) == (WalletStatus.FROZEN, late)


def test_what_was_stopped_anew_since_somebody_looked_stays_stopped():
    stopped = make_wallet()
    until = clock.now() + timedelta(days=1)
    freeze_wallet(wallet_id=stopped.pk, reason="协查", until=until)

    with time_machine.travel(until + timedelta(seconds=1)):
        freeze_wallet(wallet_id=stopped.pk, reason="新案件", until=until + timedelta(days=9))
        assert not end_freeze(wallet_id=stopped.pk)

    assert Wallet.objects.get(pk=stopped.pk).status == WalletStatus.FROZEN


def test_one_without_an_end_stays_until_it_is_lifted():
    stopped = make_wallet(principal=100)
    freeze_wallet(wallet_id=stopped.pk, reason="协查")

    with time_machine.travel(clock.now() + timedelta(days=400)):
        assert end_freezes() == 0
    freed = unfreeze_wallet(wallet_id=stopped.pk, reason="已核实")

    assert (freed.status, freed.status_reason, freed.frozen_until) == (WalletStatus.OPEN, "", None)


def test_nobody_proposes_to_lift_what_is_not_stopped():
    with pytest.raises(WalletNotFrozen):
        propose_unfreeze(wallet_id=make_wallet().pk, reason="误会", maker_id=1)


@pytest.fixture
def lifts():
    """Somebody asks to lift a freeze; whoever may decides."""
    maker = User.objects.create_user("maker", is_staff=True)
    checker = User.objects.create_superuser("checker")

    def ask(wallet):
        propose_unfreeze(wallet_id=wallet.pk, reason="核实为本人", maker_id=maker.pk)
        proposal = Proposal.objects.latest("pk")
        return lambda: approve(proposal_id=proposal.pk, checker_id=checker.pk)

    return ask


def test_two_people_lift_the_freeze_that_they_looked_at(lifts):
    stopped = make_wallet()
    freeze_wallet(wallet_id=stopped.pk, reason="挂失", cause=FreezeCause.LOST)

    lifts(stopped)()

    assert Wallet.objects.get(pk=stopped.pk).status == WalletStatus.OPEN


def test_what_was_agreed_of_one_freeze_lifts_no_later_one(lifts):
    stopped = make_wallet()
    freeze_wallet(wallet_id=stopped.pk, reason="挂失", cause=FreezeCause.LOST)
    agree = lifts(stopped)
    frozen = freeze_wallet(wallet_id=stopped.pk, reason="公安协查", cause=FreezeCause.AUTHORITY)

    with pytest.raises(FrozenAnew):
        agree()

    assert Wallet.objects.get(pk=stopped.pk) == frozen
    assert Wallet.objects.get(pk=stopped.pk).status == WalletStatus.FROZEN
    assert Proposal.objects.latest("pk").state == "OPEN"
    released = StoredEvent.objects.filter(name="wallet.wallet.released")
    assert not released.filter(aggregate=f"user:{stopped.user_id}").exists()


def test_what_was_agreed_of_a_freeze_that_ended_lifts_nothing(lifts):
    stopped = make_wallet()
    until = clock.now() + timedelta(days=1)
    freeze_wallet(wallet_id=stopped.pk, reason="协查", until=until)
    agree = lifts(stopped)

    with time_machine.travel(until + timedelta(seconds=1)):
        end_freezes()
        with pytest.raises(FrozenAnew):
            agree()
