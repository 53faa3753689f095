"""Money knows where it came from, and goes back there."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from wallet.errors import InsufficientBalance, LotExhausted, WalletReceivesNothing
from wallet.models import Entry, Lot, Wallet
from wallet.rules.postings import Leg, grant_legs, top_up_legs
from wallet.rules.spend_order import OWN_MONEY, SPEND_ORDERS, Spending
from wallet.services.holds import capture_hold, place_hold
from wallet.services.ledger import Lots, post_journal, reverse_journal
from wallet.services.own_money import require_sendable
from wallet.tests.factories import account_of, amounts_in, fill, make_wallet, new_key, topped_up
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def put_in(wallet: Wallet, amount: int, *, source: str):
    return post_journal(
        kind="top_up",
        key=new_key(),
        legs=top_up_legs(wallet_id=wallet.pk, amount=amount),
        lots=Lots(source=source),
    )


def give(wallet: Wallet, amount: int, *, source: str, days: int | None = None):
    ends = clock.now() + timedelta(days=days) if days else None
    return post_journal(
        kind="grant",
        key=new_key(),
        legs=grant_legs(wallet_id=wallet.pk, code="bonus", amount=amount),
        lots=Lots(source=source, expires_at=ends),
    )


def spend(wallet: Wallet, amount: int, *, code: str = "principal", lots: Lots | None = None):
    legs = [Leg(code, -amount, wallet.pk), Leg("merchant_sales", amount)]
    return post_journal(kind="order_payment", key=new_key(), legs=legs, lots=lots)


def left_in(wallet: Wallet, code: str = "principal") -> dict[str, int]:
    """Source → what is left of it, "" of what has none; and all of it is the balance."""
    account = account_of(wallet, code)
    lots = Lot.objects.filter(account=account.pk)
    assert (lots.aggregate(total=Sum("remaining"))["total"] or 0) == account.sourced
    left = dict(lots.exclude(remaining=0).order_by("pk").values_list("source", "remaining"))
    return left | ({"": account.unsourced} if account.unsourced else {})


def test_the_oldest_top_up_is_spent_first():
    wallet = make_wallet()
    put_in(wallet, 100, source="R1")
    put_in(wallet, 50, source="R2")

    paid = spend(wallet, 120)

    assert left_in(wallet) == {"R2": 30}
    first, second = Lot.objects.filter(account=account_of(wallet).pk).order_by("pk")
    entry = Entry.objects.get(journal=paid.journal_id, account=account_of(wallet).pk)
    assert entry.lots == [first.pk, -100, second.pk, -20]


def test_what_ends_soonest_is_spent_first_and_what_never_ends_last():
    wallet = make_wallet()
    give(wallet, 10, source="for ever")
    give(wallet, 20, source="a month", days=30)
    give(wallet, 40, source="a week", days=7)

    spend(wallet, 45, code="bonus")

    assert left_in(wallet, "bonus") == {"for ever": 10, "a month": 15}


def test_what_comes_from_people_has_no_source_and_is_no_lot():
    giver, receiver = make_wallet(principal=500), make_wallet()
    for amount in (30, 20):
        legs = [Leg("principal", -amount, giver.pk), Leg("principal", amount, receiver.pk)]
        post_journal(kind="transfer", key=new_key(), legs=legs)
    paid = spend(receiver, 43)

    assert left_in(receiver) == {"": 7}
    assert not Lot.objects.filter(account=account_of(receiver).pk).exists()
    assert Entry.objects.get(journal=paid.journal_id, account=account_of(receiver).pk).lots is None


def test_what_has_no_source_is_spent_before_own_top_ups_and_after_what_ends():
    wallet = make_wallet(principal=100, bonus=10)
    put_in(wallet, 50, source="R1")
    give(wallet, 20, source="a week", days=7)
    give(wallet, 40, source="for ever")

    spend(wallet, 120)
    spend(wallet, 25, code="bonus")

    assert left_in(wallet) == {"R1": 30}
    assert left_in(wallet, "bonus") == {"for ever": 40, "": 5}


def test_a_refund_goes_back_to_top_ups_first_and_the_rest_has_no_source_again():
    wallet = make_wallet(principal=100)
    put_in(wallet, 50, source="R1")
    paid = spend(wallet, 120)

    def give_back(amount: int):
        legs = [Leg("merchant_sales", -amount), Leg("principal", amount, wallet.pk)]
        post_journal(kind="refund", key=new_key(), legs=legs, lots=Lots(restores=paid.journal_id))

    give_back(30)
    assert left_in(wallet) == {"R1": 50, "": 10}
    give_back(90)
    assert left_in(wallet) == {"R1": 50, "": 100}
    with pytest.raises(LotExhausted), transaction.atomic():
        give_back(1)
    assert left_in(wallet) == {"R1": 50, "": 100}


def test_a_reversal_of_money_without_a_source_takes_no_gift_that_ends():
    wallet = make_wallet()
    give(wallet, 20, source="a week", days=7)
    mistake = post_journal(
        kind="promotion",
        key=new_key(),
        legs=grant_legs(wallet_id=wallet.pk, code="bonus", amount=15),
    )

    reverse_journal(journal_id=mistake.journal_id, key=new_key(), reason="typed twice")

    assert left_in(wallet, "bonus") == {"a week": 20}


def test_a_refund_goes_back_to_the_lots_it_came_from_and_never_beyond():
    wallet = make_wallet()
    put_in(wallet, 100, source="R1")
    put_in(wallet, 50, source="R2")
    paid = spend(wallet, 120)

    def give_back(amount: int):
        legs = [Leg("merchant_sales", -amount), Leg("principal", amount, wallet.pk)]
        lots = Lots(restores=paid.journal_id)
        return post_journal(kind="refund", key=new_key(), legs=legs, lots=lots)

    give_back(30)
    assert left_in(wallet) == {"R1": 10, "R2": 50}
    give_back(90)
    assert left_in(wallet) == {"R1": 100, "R2": 50}
    with pytest.raises(LotExhausted), transaction.atomic():
        give_back(1)
    assert left_in(wallet) == {"R1": 100, "R2": 50}


def test_exactly_this_lot_is_taken_or_nothing_moves():
    wallet = make_wallet()
    put_in(wallet, 100, source="R1")
    put_in(wallet, 50, source="R2")
    newer = Lot.objects.get(source="R2", account=account_of(wallet).pk)

    spend(wallet, 40, lots=Lots(take=[(newer.pk, 40)]))

    assert left_in(wallet) == {"R1": 100, "R2": 10}
    with pytest.raises(LotExhausted), transaction.atomic():
        spend(wallet, 11, lots=Lots(take=[(newer.pk, 11)]))
    assert left_in(wallet) == {"R1": 100, "R2": 10}


def test_a_reversal_takes_its_own_lot_back_first():
    wallet = make_wallet()
    put_in(wallet, 100, source="R1")
    mistake = put_in(wallet, 50, source="R2")

    reverse_journal(journal_id=mistake.journal_id, key=new_key(), reason="typed twice")

    assert left_in(wallet) == {"R1": 100}


def test_a_reversed_payment_is_back_in_its_lots():
    wallet = make_wallet()
    put_in(wallet, 100, source="R1")
    put_in(wallet, 50, source="R2")
    mistake = spend(wallet, 120)

    reverse_journal(journal_id=mistake.journal_id, key=new_key(), reason="the wrong customer")

    assert left_in(wallet) == {"R1": 100, "R2": 50}


def test_a_captured_hold_takes_lots_like_any_payment():
    wallet = make_wallet()
    put_in(wallet, 100, source="R1")
    put_in(wallet, 50, source="R2")
    hold = place_hold(wallet_id=wallet.pk, amount=120, key=new_key(), reference="O1")
    assert left_in(wallet) == {"R1": 100, "R2": 50}

    capture_hold(hold_id=hold.pk, kind="order_payment", key=new_key(), legs=[Leg("merchant_sales", 120)])

    assert left_in(wallet) == {"R2": 30}


def test_own_money_only_holds_nothing_that_was_given():
    wallet = make_wallet(principal=100, bonus=50)

    with pytest.raises(InsufficientBalance) as refusal, transaction.atomic():
        place_hold(wallet_id=wallet.pk, amount=101, key=new_key(), reference="T1", spend_order=OWN_MONEY)
    assert refusal.value.detail == {"needed": 101, "available": 100}

    place_hold(wallet_id=wallet.pk, amount=100, key=new_key(), reference="T2", spend_order=OWN_MONEY)
    assert amounts_in(wallet) == {"principal": (100, 100), "bonus": (50, 0)}


@pytest.mark.parametrize(
    ("amount", "held"),
    [
        (1, {"principal": (100, 1), "bonus": (50, 0), "cashback": (1, 0)}),
        (75, {"principal": (100, 50), "bonus": (50, 25), "cashback": (1, 0)}),
        (151, {"principal": (100, 100), "bonus": (50, 50), "cashback": (1, 1)}),
    ],
)
def test_in_proportion_every_colour_pays_its_share_to_the_fen(amount, held):
    wallet = make_wallet(principal=100, bonus=50, cashback=1)

    place_hold(
        wallet_id=wallet.pk,
        amount=amount,
        key=new_key(),
        reference="O1",
        spend_order=SPEND_ORDERS[Spending.IN_PROPORTION],
    )

    assert amounts_in(wallet) == held


def test_a_wallet_that_receives_nothing_still_takes_what_is_its_owners():
    giver, receiver = make_wallet(principal=500), make_wallet(principal=10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_set_wallet_status(%s, 'CREDIT_FROZEN', 'x', NULL)", [receiver.pk])
    legs = [Leg("principal", -30, giver.pk), Leg("principal", 30, receiver.pk)]

    with pytest.raises(WalletReceivesNothing), transaction.atomic():
        post_journal(kind="transfer", key=new_key(), legs=legs)
    assert left_in(receiver) == {"": 10}

    post_journal(
        kind="top_up",
        key=new_key(),
        legs=top_up_legs(wallet_id=receiver.pk, amount=5),
        lots=Lots(source="R1", owed=True),
    )
    spend(receiver, 1)
    assert left_in(receiver) == {"R1": 5, "": 9}


def test_what_leaves_takes_money_with_and_without_a_source_before_that_of_a_package():
    wallet = make_wallet()
    package = topped_up(wallet, 100, bonus=20)
    fill(wallet, principal=50)
    other = topped_up(wallet, 30)

    with transaction.atomic():
        lots = require_sendable(wallet_id=wallet.pk, amount=70)
        spend(wallet, 70, lots=lots)

    assert Lot.objects.get(source=package.number, account__code="principal").remaining == 100
    assert Lot.objects.get(source=other.number).remaining <= 30
    assert amounts_in(wallet)["principal"] == (110, 0)
