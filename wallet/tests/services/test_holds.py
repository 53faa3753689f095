"""Promise money, then take it or let it go."""

from datetime import timedelta

import pytest
from django.db import transaction

from wallet.errors import HoldExhausted, InsufficientBalance, InvalidPosting, KeyReused, WalletFrozen
from wallet.models import Entry, Hold, HoldEvent
from wallet.rules.postings import Leg, order_payment_legs
from wallet.services.freezes import freeze_wallet
from wallet.services.holds import capture_hold, expire_holds, place_hold, void_hold
from wallet.services.ledger import post_journal
from wallet.tests.factories import amounts_in, make_wallet, new_key
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def hold_on(wallet, amount, **options):
    return place_hold(wallet_id=wallet.pk, amount=amount, key=new_key("hold"), reference="D1", **options)


def capture(hold, amount, *, channel=0, key=None):
    legs = order_payment_legs(balance=amount, channel=channel)
    return capture_hold(hold_id=hold.pk, kind="order_payment", key=key or new_key("pay"), legs=legs)


def test_a_hold_takes_gifts_first_and_the_customers_own_money_last():
    wallet = make_wallet(principal=1_000, bonus=200, cashback=100)

    hold = hold_on(wallet, 350)

    assert amounts_in(wallet) == {"principal": (1_000, 50), "bonus": (200, 200), "cashback": (100, 100)}
    assert (hold.amount, hold.open) == (350, 350)


def test_what_is_held_cannot_be_spent_or_held_again():
    wallet = make_wallet(principal=1_000)
    hold_on(wallet, 700)

    with pytest.raises(InsufficientBalance) as refusal, transaction.atomic():
        hold_on(wallet, 301)
    legs = [Leg("principal", -301, wallet.pk), Leg("merchant_sales", 301)]
    with pytest.raises(InsufficientBalance), transaction.atomic():
        post_journal(kind="order_payment", key=new_key(), legs=legs)

    assert refusal.value.detail == {"needed": 301, "available": 300}
    assert amounts_in(wallet) == {"principal": (1_000, 700)}
    assert Hold.objects.filter(wallet=wallet).count() == 1


@pytest.mark.parametrize("amount", [0, -1])
def test_a_hold_is_of_something(amount):
    wallet = make_wallet(principal=1_000)

    with pytest.raises(InvalidPosting), transaction.atomic():
        hold_on(wallet, amount)

    assert amounts_in(wallet) == {"principal": (1_000, 0)}


def test_a_repeated_hold_holds_once():
    wallet, key = make_wallet(principal=1_000), new_key("hold")

    first, second = (place_hold(wallet_id=wallet.pk, amount=600, key=key, reference="D1") for _ in range(2))

    assert first == second
    assert amounts_in(wallet) == {"principal": (1_000, 600)}


def test_a_hold_key_with_another_amount_is_refused():
    wallet, key = make_wallet(principal=1_000), new_key("hold")
    place_hold(wallet_id=wallet.pk, amount=600, key=key, reference="D1")

    with pytest.raises(KeyReused), transaction.atomic():
        place_hold(wallet_id=wallet.pk, amount=100, key=key, reference="D1")

    assert amounts_in(wallet) == {"principal": (1_000, 600)}


def test_a_frozen_wallet_promises_nothing_and_keeps_what_it_promised():
    wallet = make_wallet(principal=1_000)
    hold = hold_on(wallet, 600)
    freeze_wallet(wallet_id=wallet.pk, reason="涉案账户")

    with pytest.raises(WalletFrozen), transaction.atomic():
        hold_on(wallet, 1)
    capture(hold, 600)

    assert amounts_in(wallet) == {"principal": (400, 0)}


def test_a_mixed_payment_is_one_journal():
    wallet = make_wallet(principal=300, bonus=200)
    hold = hold_on(wallet, 350)

    posted = capture(hold, 350, channel=650)

    amounts = Entry.objects.filter(journal=posted.journal_id).values_list("account__code", "amount")
    assert dict(amounts) == {
        "wechat_clearing": -650,
        "merchant_sales": 1_000,
        "bonus": -200,
        "principal": -150,
    }
    assert amounts_in(wallet) == {"principal": (150, 0)}
    hold.refresh_from_db()
    assert (hold.captured, hold.open) == (350, 0)


def test_a_hold_can_be_captured_piece_by_piece_and_the_rest_let_go():
    wallet = make_wallet(principal=500, cashback=100)
    hold = hold_on(wallet, 400)

    capture(hold, 50)
    capture(hold, 100)
    released = void_hold(hold_id=hold.pk)

    hold.refresh_from_db()
    assert (hold.captured, hold.released, released) == (150, 250, 250)
    assert amounts_in(wallet) == {"principal": (450, 0)}


def test_a_hold_gives_no_more_than_it_has():
    wallet = make_wallet(principal=1_000)
    hold = hold_on(wallet, 400)

    with pytest.raises(HoldExhausted), transaction.atomic():
        capture(hold, 401)

    assert amounts_in(wallet) == {"principal": (1_000, 400)}


def test_a_capture_told_twice_takes_once():
    wallet, key = make_wallet(principal=1_000), new_key("pay")
    hold = hold_on(wallet, 400)

    first, second = capture(hold, 400, key=key), capture(hold, 400, key=key)

    assert (second.journal_id, second.balances) == (first.journal_id, first.balances)
    assert second.replayed
    assert amounts_in(wallet) == {"principal": (600, 0)}


def test_a_captured_hold_cannot_be_captured_under_another_key():
    wallet = make_wallet(principal=1_000)
    hold = hold_on(wallet, 400)
    capture(hold, 400)

    with pytest.raises(HoldExhausted), transaction.atomic():
        capture(hold, 400)

    assert amounts_in(wallet) == {"principal": (600, 0)}


def test_a_hold_let_go_is_free_again_and_cannot_be_captured():
    wallet = make_wallet(principal=1_000)
    hold = hold_on(wallet, 400)

    assert void_hold(hold_id=hold.pk) == 400
    assert void_hold(hold_id=hold.pk) == 0
    with pytest.raises(HoldExhausted), transaction.atomic():
        capture(hold, 400)

    assert amounts_in(wallet) == {"principal": (1_000, 0)}


def test_only_holds_with_a_time_of_their_own_expire():
    wallet = make_wallet(principal=1_000)
    now = clock.now()
    over = hold_on(wallet, 100, expires_at=now - timedelta(seconds=1))
    hold_on(wallet, 200, expires_at=now + timedelta(hours=1))
    hold_on(wallet, 300)

    expired = expire_holds()

    assert expired == 1
    assert amounts_in(wallet) == {"principal": (1_000, 500)}
    assert HoldEvent.objects.filter(hold=over).latest("id").kind == "expired"
    assert expire_holds() == 0
