"""How much there is, how much is free, and how much there was."""

from datetime import timedelta

import pytest

from accounts.models import User
from wallet.models import TopUp
from wallet.rules import chart
from wallet.rules.postings import Leg, top_up_legs
from wallet.selectors.balances import Balance, balance_at, balance_of, explained_balance_of
from wallet.selectors.lots import withdrawable_of
from wallet.services.freezes import freeze_wallet
from wallet.services.holds import place_hold
from wallet.services.ledger import post_journal
from wallet.tests.factories import make_wallet, new_key, topped_up
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def test_who_has_no_wallet_yet_has_nothing():
    balance = balance_of(User.objects.create().pk)

    assert balance == Balance()
    assert (balance.total, balance.available) == (0, 0)


def test_a_balance_is_explained(django_assert_num_queries):
    wallet = make_wallet(principal=1_000, bonus=200, cashback=100)
    place_hold(wallet_id=wallet.pk, amount=450, key=new_key("hold"), reference="D1")

    with django_assert_num_queries(1):
        balance = balance_of(wallet.user_id)

    assert (balance.principal, balance.bonus, balance.cashback) == (1_000, 200, 100)
    assert (balance.total, balance.held, balance.available) == (1_300, 450, 850)
    assert balance.own_free == 850  # the gifts are all held, and 150 of the principal
    assert not balance.frozen


@pytest.fixture
def no_transfers(settings):
    """Our merchant transfers nothing to people: money only goes back to where it came from."""
    settings.WECHAT_TRANSFERS = {**settings.WECHAT_TRANSFERS, "scene": ""}


@pytest.mark.parametrize(("mode", "out"), [("licensed", 1_450), ("closed_loop", 1_000)])
def test_with_transfers_a_licence_lets_all_out_and_a_closed_loop_what_was_paid_in(settings, mode, out):
    settings.WALLET_MODE = mode
    wallet = make_wallet(principal=500)  # from other people, say
    topped_up(wallet, 700)
    topped_up(wallet, 1_000, bonus=200)
    old = topped_up(wallet, 300)
    TopUp.objects.filter(pk=old.pk).update(credited_at=clock.now() - timedelta(days=364, seconds=1))
    place_hold(wallet_id=wallet.pk, amount=250, key=new_key("hold"), reference="D1")  # 200 of the gift

    assert withdrawable_of(wallet.user_id, at=clock.now()).amount == out
    assert explained_balance_of(wallet.user_id).withdrawable == out


@pytest.mark.usefixtures("no_transfers")
def test_only_what_can_go_back_may_be_taken_out(django_assert_num_queries):
    wallet = make_wallet(principal=500)  # from other people, say
    topped_up(wallet, 700)
    topped_up(wallet, 1_000, bonus=200)
    old = topped_up(wallet, 300)
    TopUp.objects.filter(pk=old.pk).update(credited_at=clock.now() - timedelta(days=364, seconds=1))
    place_hold(wallet_id=wallet.pk, amount=250, key=new_key("hold"), reference="D1")  # 200 of the gift

    with django_assert_num_queries(2):
        explained = withdrawable_of(wallet.user_id, at=clock.now())

    assert {line.code: line.amount for line in explained.lines} == {
        "total": 2_700,
        "bonus": -200,
        "held": -50,
        "package": -1_000,
        "elsewhere": -750,
    }
    assert explained.amount == 700
    assert explained_balance_of(wallet.user_id).withdrawable == 700

    freeze_wallet(wallet_id=wallet.pk, reason="涉案账户")
    stopped = withdrawable_of(wallet.user_id, at=clock.now())
    assert (stopped.amount, stopped.lines[-1].code, stopped.lines[-1].amount) == (0, "frozen", -700)
    assert explained_balance_of(wallet.user_id).withdrawable == 0


def test_what_is_held_is_named():
    wallet = make_wallet(principal=1_000)
    for reference, amount in (("D1", 100), ("D2", 200)):
        place_hold(wallet_id=wallet.pk, amount=amount, key=new_key("hold"), reference=reference)

    holds = explained_balance_of(wallet.user_id).holds

    assert [(hold.reference, hold.amount) for hold in holds] == [("D2", 200), ("D1", 100)]


def test_a_frozen_wallet_says_so():
    wallet = make_wallet()
    freeze_wallet(wallet_id=wallet.pk, reason="涉案账户")

    assert balance_of(wallet.user_id).frozen


def test_the_balance_at_a_moment_is_that_of_the_last_entry_before_it():
    wallet = make_wallet()
    account_id = chart.customer_account_id("principal", wallet_id=wallet.pk)
    first = post_journal(kind="top_up", key=new_key(), legs=top_up_legs(wallet_id=wallet.pk, amount=100))
    legs = [Leg("principal", -30, wallet.pk), Leg("merchant_sales", 30)]
    second = post_journal(kind="order_payment", key=new_key(), legs=legs)

    tick = timedelta(microseconds=1)
    moments = [first.at - tick, first.at, second.at - tick, second.at, second.at + timedelta(days=1)]

    assert [balance_at(account_id, moment) for moment in moments] == [0, 100, 100, 70, 70]


@pytest.mark.parametrize("length", range(1, 9))
def test_a_moment_is_found_in_a_history_of_any_length(length):
    wallet = make_wallet()
    account_id = chart.customer_account_id("principal", wallet_id=wallet.pk)
    posted = [
        post_journal(kind="top_up", key=new_key(), legs=top_up_legs(wallet_id=wallet.pk, amount=1))
        for _ in range(length)
    ]

    tick = timedelta(microseconds=1)
    assert [balance_at(account_id, journal.at) for journal in posted] == list(range(1, length + 1))
    assert [balance_at(account_id, journal.at - tick) for journal in posted] == list(range(length))
