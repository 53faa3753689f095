"""
Two connections, each step by hand: what is a matter of luck elsewhere is certain here.

Every schedule is played twice, against the ledger and against the naive way of writing the same thing. The
ledger must come out right, the naive way must not.
"""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError

from wallet.errors import AlreadyReversed, HoldExhausted, InsufficientBalance, WalletFrozen
from wallet.models import Journal, Seal
from wallet.rules.postings import Leg, order_payment_legs
from wallet.services.freezes import freeze_wallet
from wallet.services.holds import capture_hold, place_hold
from wallet.services.integrity import check_ledger
from wallet.services.ledger import post_journal, reverse_journal
from wallet.services.seals import seal_journals
from wallet.tests.factories import account_of, make_wallet, new_key, seal_everything
from wallet.tests.races.naive import SCHEMA
from wallet_project.kit.testing.hands import sql

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


class Ledger:
    """The steps, as our services."""

    refusals = (AlreadyReversed, HoldExhausted, InsufficientBalance, WalletFrozen)

    def __init__(self, owner):
        self.wallet = make_wallet(principal=1_000)

    def pay(self, key, amount):
        legs = [Leg("principal", -amount, self.wallet.pk), Leg("merchant_sales", amount)]
        return lambda: post_journal(kind="order_payment", key=key, legs=legs)

    pay_once = pay

    def paid(self, key, amount):
        return self.pay(key, amount)().journal_id

    def reverse(self, key, journal, amount):
        return lambda: reverse_journal(journal_id=journal, key=key, reason="错")

    def hold(self, amount):
        return lambda: place_hold(
            wallet_id=self.wallet.pk, amount=amount, key=new_key("hold"), reference="D1"
        )

    def held(self, amount):
        return self.hold(amount)().pk

    def capture(self, hold, amount):
        legs = order_payment_legs(balance=amount, channel=0)
        return lambda: capture_hold(hold_id=hold, kind="order_payment", key=new_key(), legs=legs)

    def freeze(self):
        return lambda: freeze_wallet(wallet_id=self.wallet.pk, reason="涉案账户")

    def state(self):
        account = account_of(self.wallet)
        return account.balance, account.held


class Naive:
    """The same steps, as they are usually written."""

    refusals = (DatabaseError,)

    def __init__(self, owner):
        self.owner = owner
        owner.execute(SCHEMA)
        owner.execute("INSERT INTO naive.account (balance) VALUES (1000)")

    def pay(self, key, amount):
        return sql("SELECT naive.post(%s, 1, %s)", key, amount)

    def pay_once(self, key, amount):
        return sql("SELECT naive.post_once(%s, 1, %s)", key, amount)

    def paid(self, key, amount):
        self.pay(key, amount)()
        return sql("SELECT id FROM naive.journal WHERE key = %s", key)()

    def reverse(self, key, journal, amount):
        return sql("SELECT naive.reverse(%s, %s, 1, %s)", key, journal, amount)

    def hold(self, amount):
        return sql("SELECT naive.place(1, %s)", amount)

    def held(self, amount):
        self.hold(amount)()
        return sql("SELECT max(id) FROM naive.hold")()

    def capture(self, hold, amount):
        return sql("SELECT naive.capture(%s)", hold)

    def freeze(self):
        return sql("UPDATE naive.account SET frozen = true")

    def state(self):
        self.owner.execute("SELECT balance, held FROM naive.account")
        return self.owner.fetchone()


def both_ways(right, wrong):
    """Run a schedule against the ledger, which ends `right`, and the naive way, which ends `wrong`."""
    return pytest.mark.parametrize(("way", "ending"), [(Ledger, right), (Naive, wrong)])


def second_outcome(way, hand, step):
    try:
        step.result(timeout=10)
    except way.refusals as refusal:
        hand.rolls_back()
        return type(refusal).__name__
    hand.commits()
    return "done"


def play(way, hands, first_step, second_step, *, first_ends="commits"):
    """The first hand acts; the second comes before the first has ended, and ends after it."""
    first, second = hands
    first.does(first_step)
    step = second.starts(second_step)
    waited = second.is_seen_waiting(step)
    getattr(first, first_ends)()
    return SimpleNamespace(second=second_outcome(way, second, step), waited=waited)


@both_ways(right=(900, 0), wrong=(800, 0))
def test_a_key_in_flight_is_posted_once(way, ending, hands, owner_cursor):
    ours, key = way(owner_cursor), new_key()

    played = play(ours, hands, ours.pay(key, 100), ours.pay(key, 100))

    assert (played.second, played.waited) == ("done", True)
    assert ours.state() == ending


@both_ways(right=(900, 0), wrong=(1_000, 0))
def test_when_the_first_rolls_back_the_second_posts(way, ending, hands, owner_cursor):
    ours, key = way(owner_cursor), new_key()

    played = play(ours, hands, ours.pay_once(key, 100), ours.pay_once(key, 100), first_ends="rolls_back")

    assert played.second == "done"
    assert ours.state() == ending


@both_ways(right=("InsufficientBalance", (300, 0)), wrong=("done", (-400, 0)))
def test_two_payments_do_not_spend_the_same_money(way, ending, hands, owner_cursor):
    ours = way(owner_cursor)

    played = play(ours, hands, ours.pay(new_key(), 700), ours.pay(new_key(), 700))

    assert (played.second, ours.state()) == ending


@both_ways(right=("InsufficientBalance", (1_000, 700)), wrong=("done", (1_000, 1_400)))
def test_two_holds_do_not_promise_the_same_money(way, ending, hands, owner_cursor):
    ours = way(owner_cursor)

    played = play(ours, hands, ours.hold(700), ours.hold(700))

    assert (played.second, ours.state()) == ending


@both_ways(right=("HoldExhausted", 600), wrong=("done", 200))
def test_a_hold_is_captured_once(way, ending, hands, owner_cursor):
    ours = way(owner_cursor)
    hold = ours.held(400)

    played = play(ours, hands, ours.capture(hold, 400), ours.capture(hold, 400))

    assert (played.second, ours.state()[0]) == ending


@both_ways(right=("AlreadyReversed", (1_000, 0)), wrong=("done", (1_100, 0)))
def test_a_journal_is_reversed_once(way, ending, hands, owner_cursor):
    ours = way(owner_cursor)
    journal = ours.paid(new_key(), 100)

    played = play(ours, hands, ours.reverse(new_key(), journal, 100), ours.reverse(new_key(), journal, 100))

    assert (played.second, ours.state()) == ending


@both_ways(right=("WalletFrozen", (1_000, 0)), wrong=("done", (900, 0)))
def test_a_payment_that_meets_a_freeze_is_refused(way, ending, hands, owner_cursor):
    ours = way(owner_cursor)

    played = play(ours, hands, ours.freeze(), ours.pay(new_key(), 100))

    assert (played.second, ours.state()) == ending


def test_a_freeze_waits_for_the_payment_before_it(hands, owner_cursor):
    ours = Ledger(owner_cursor)

    played = play(ours, hands, ours.pay(new_key(), 100), ours.freeze())

    assert (played.second, played.waited) == ("done", True)
    assert ours.state() == (900, 0)
    with pytest.raises(WalletFrozen):
        ours.pay(new_key(), 100)()


def test_a_posting_that_waits_for_its_first_account_holds_none_of_the_others(hands, owner_cursor):
    first, second = hands
    ours, other = Ledger(owner_cursor), make_wallet()
    first.does(ours.pay(new_key(), 1))  # in the table its row lies behind the other's now
    legs = [Leg("principal", 1, other.pk), Leg("principal", -1, ours.wallet.pk)]

    step = second.starts(lambda: post_journal(kind="transfer", key=new_key(), legs=legs))

    assert second.is_seen_waiting(step)
    owner_cursor.execute(
        "SELECT FROM wallet_ledgeraccount WHERE id = %s FOR NO KEY UPDATE NOWAIT", [account_of(other).pk]
    )
    first.commits()
    step.result(timeout=10)
    second.commits()
    assert (ours.state(), account_of(other).balance) == ((998, 0), 1)


def move_a_fen_inside(wallet):
    legs = [Leg("principal", -1, wallet.pk), Leg("bonus", 1, wallet.pk)]
    return lambda: post_journal(kind="promotion", key=new_key(), legs=legs)


def test_a_journal_that_commits_late_is_sealed_all_the_same(hands):
    early, late = hands
    seal_everything()
    lower = early.does(move_a_fen_inside(make_wallet(principal=1)))
    higher = late.does(move_a_fen_inside(make_wallet(principal=1)))
    late.commits()
    assert lower.journal_id < higher.journal_id
    naive_line = Journal.objects.order_by("id").last().pk  # "everything up to here is sealed"

    seal_journals()
    early.commits()
    seal_everything()

    missed = Journal.objects.filter(pk__gt=naive_line)
    assert not missed.filter(pk=lower.journal_id).exists()  # the naive sealer never comes back for it
    line = Seal.objects.order_by("height").last().before_xid
    assert {lower.journal_id, higher.journal_id} <= set(
        Journal.objects.filter(xid__lt=line).values_list("pk", flat=True)
    )
    assert (
        sum(Seal.objects.values_list("journals", flat=True)) == Journal.objects.filter(xid__lt=line).count()
    )
    assert check_ledger().findings == []
