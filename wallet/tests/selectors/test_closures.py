"""What a wallet has against being closed."""

import pytest

from wallet.selectors.closures import closure_blockers
from wallet.services.freezes import freeze_wallet
from wallet.services.holds import place_hold
from wallet.tests.factories import make_wallet, new_key

pytestmark = pytest.mark.django_db


def blockers_of(wallet):
    return [(each.code, each.amount, each.kind.value) for each in closure_blockers(wallet.user_id)]


def test_an_empty_wallet_blocks_nobody():
    assert blockers_of(make_wallet()) == []


def test_own_money_must_leave_and_what_was_given_may_be_given_up():
    wallet = make_wallet(principal=10_000, bonus=500, cashback=30)

    assert blockers_of(wallet) == [
        ("BALANCE_LEFT", 10_000, "TAKE_ALONG"),
        ("BONUS_LEFT", 500, "GIVE_UP"),
        ("CASHBACK_LEFT", 30, "GIVE_UP"),
    ]


@pytest.mark.parametrize(
    ("principal", "blocker"),
    [(100, ("SMALL_REST", 100, "GIVE_UP")), (101, ("BALANCE_LEFT", 101, "TAKE_ALONG"))],
)
def test_a_rest_of_one_yuan_may_be_given_up_and_no_fen_more(principal: int, blocker):
    assert blockers_of(make_wallet(principal=principal)) == [blocker]


def test_a_freeze_and_a_promise_wait_for_somebody_else():
    wallet = make_wallet(cashback=500)
    place_hold(wallet_id=wallet.pk, amount=200, key=new_key(), reference="O1")
    freeze_wallet(wallet_id=wallet.pk, reason="疑似盗用")

    assert blockers_of(wallet)[:2] == [("WALLET_FROZEN", 0, "WAIT"), ("MONEY_HELD", 200, "WAIT")]
