"""post_journal and reverse_journal."""

from datetime import date

import pytest
from django.db import transaction

from wallet.errors import (
    AlreadyReversed,
    InsufficientBalance,
    InvalidPosting,
    KeyReused,
    NotReversible,
    WalletFrozen,
)
from wallet.models import Entry, Journal
from wallet.rules import chart
from wallet.rules.postings import Leg, suspense_refund_legs, top_up_legs
from wallet.services.freezes import freeze_wallet, unfreeze_wallet
from wallet.services.ledger import post_journal, reverse_journal
from wallet.tests.factories import account_of, make_wallet, new_key
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db


def payment(wallet, amount):
    return [Leg("principal", -amount, wallet.pk), Leg("merchant_sales", amount)]


def test_a_journal_moves_money_and_writes_down_how():
    wallet, key = make_wallet(), new_key()

    posted = post_journal(
        kind="top_up",
        key=key,
        legs=top_up_legs(wallet_id=wallet.pk, amount=1_000),
        reference="R1",
        facts={"来源": "微信"},
        business_date=date(2026, 11, 11),
    )

    journal = Journal.objects.get(pk=posted.journal_id)
    assert (journal.kind, journal.key, journal.reference) == ("top_up", key, "R1")
    assert (journal.facts, journal.business_date) == ({"来源": "微信"}, date(2026, 11, 11))
    entries = {entry.account_id: entry for entry in journal.entries.all()}
    principal = entries[chart.customer_account_id("principal", wallet_id=wallet.pk)]
    assert (principal.amount, principal.balance_after, principal.version) == (1_000, 1_000, 1)
    assert entries[chart.platform_account_id("wechat_clearing", key=key)].amount == -1_000
    assert {entry.at for entry in entries.values()} == {posted.at}
    assert posted.balances[principal.account_id] == 1_000
    assert not posted.replayed


def test_the_business_date_is_shanghais():
    wallet = make_wallet(principal=1)

    journal = account_of(wallet).entries.get().journal

    assert journal.business_date == clock.business_day(journal.at)


def test_one_fen_can_be_moved_and_so_can_the_last_one():
    wallet = make_wallet(principal=1)

    post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 1))

    assert account_of(wallet).balance == 0


def test_a_repeated_journal_answers_with_the_first():
    wallet, key = make_wallet(principal=500), new_key()
    first = post_journal(kind="order_payment", key=key, legs=payment(wallet, 200))
    post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 100))

    second = post_journal(kind="order_payment", key=key, legs=payment(wallet, 200), facts={"seen": "again"})

    assert (second.journal_id, second.at) == (first.journal_id, first.at)
    assert second.balances == first.balances
    assert second.replayed
    assert account_of(wallet).balance == 200


@pytest.mark.parametrize(
    "change", [{"kind": "top_up"}, {"reference": "other"}, {"amount": 201}, {"other_wallet": True}]
)
def test_a_key_with_another_body_is_refused(change):
    wallet, other, key = make_wallet(principal=500), make_wallet(principal=500), new_key()
    post_journal(kind="order_payment", key=key, legs=payment(wallet, 200))

    with pytest.raises(KeyReused) as refusal, transaction.atomic():
        post_journal(
            kind=change.get("kind", "order_payment"),
            key=key,
            reference=change.get("reference", ""),
            legs=payment(other if "other_wallet" in change else wallet, change.get("amount", 200)),
        )

    assert refusal.value.detail == {"key": key}
    assert (account_of(wallet).balance, account_of(other).balance) == (300, 500)


def test_nobody_spends_more_than_there_is():
    wallet = make_wallet(principal=500)

    with pytest.raises(InsufficientBalance) as refusal, transaction.atomic():
        post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 501))

    assert refusal.value.detail == {"needed": 501, "available": 500}
    assert account_of(wallet).balance == 500
    assert account_of(wallet).version == 1


def test_a_platform_account_that_may_not_owe_does_not():
    with pytest.raises(InsufficientBalance), transaction.atomic():
        post_journal(kind="suspense_refund", key=new_key(), legs=suspense_refund_legs(amount=2**53))


@pytest.mark.parametrize(
    ("legs", "reason"),
    [
        ([Leg("suspense", 1), Leg("wechat_clearing", -2)], "their sum zero"),
        ([Leg("suspense", 0), Leg("wechat_clearing", 0)], "move something"),
        ([], "two legs or more"),
        ([Leg("suspense", 1)], "two legs or more"),
        ([Leg("suspense", 5), Leg("suspense", -5)], "two legs or more"),
        ([Leg("suspense", 2**63), Leg("wechat_clearing", -(2**63))], "out of range"),
        ([Leg("suspense", 1.0), Leg("wechat_clearing", -1.0)], "whole fen"),
        ([Leg("suspense", True), Leg("wechat_clearing", -1)], "whole fen"),
        ([Leg("principal", 1, 2**40), Leg("wechat_clearing", -1)], "no account"),
    ],
)
def test_legs_that_no_correct_caller_sends_are_refused(legs, reason):
    before = Entry.objects.count()

    with pytest.raises(InvalidPosting) as refusal, transaction.atomic():
        post_journal(kind="suspense_in", key=new_key(), legs=legs)

    assert reason in refusal.value.detail["reason"]
    assert Entry.objects.count() == before


def test_the_largest_amount_fits_and_one_more_fen_does_not():
    wallet = make_wallet()
    largest = 2**63 - 1
    post_journal(kind="top_up", key="whale", legs=top_up_legs(wallet_id=wallet.pk, amount=largest))

    with pytest.raises(InvalidPosting), transaction.atomic():
        post_journal(kind="top_up", key=new_key(), legs=top_up_legs(wallet_id=wallet.pk, amount=1))

    assert account_of(wallet).balance == largest


def test_legs_of_one_account_become_one_entry():
    wallet = make_wallet()
    legs = [*top_up_legs(wallet_id=wallet.pk, amount=100), *top_up_legs(wallet_id=wallet.pk, amount=50)]

    posted = post_journal(kind="top_up", key=new_key(), legs=legs)

    assert sorted(entry.amount for entry in Entry.objects.filter(journal=posted.journal_id)) == [-150, 150]


def test_a_frozen_wallet_gives_nothing_but_still_receives():
    wallet = make_wallet(principal=500)
    freeze_wallet(wallet_id=wallet.pk, reason="涉案账户")

    with pytest.raises(WalletFrozen), transaction.atomic():
        post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 1))
    post_journal(kind="top_up", key=new_key(), legs=top_up_legs(wallet_id=wallet.pk, amount=100))

    assert account_of(wallet).balance == 600
    unfreeze_wallet(wallet_id=wallet.pk, reason="已核实")
    post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 600))
    assert account_of(wallet).balance == 0


def test_a_reversal_mirrors_its_journal():
    wallet = make_wallet(principal=500)
    paid = post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 200), reference="D1")

    back = reverse_journal(journal_id=paid.journal_id, key=new_key("reverse"), reason="录入错误")

    journal = Journal.objects.get(pk=back.journal_id)
    assert (journal.reverses_id, journal.kind, journal.reference) == (paid.journal_id, "reversal", "D1")
    assert journal.facts == {"reason": "录入错误"}
    assert account_of(wallet).balance == 500


def test_a_journal_is_reversed_once():
    wallet = make_wallet(principal=500)
    paid = post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 200))
    key = new_key("reverse")
    first = reverse_journal(journal_id=paid.journal_id, key=key, reason="错")

    with pytest.raises(AlreadyReversed), transaction.atomic():
        reverse_journal(journal_id=paid.journal_id, key=new_key("reverse"), reason="错")
    again = reverse_journal(journal_id=paid.journal_id, key=key, reason="错")

    assert again.journal_id == first.journal_id
    assert account_of(wallet).balance == 500


def test_a_reversal_is_final():
    wallet = make_wallet(principal=500)
    paid = post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 200))
    back = reverse_journal(journal_id=paid.journal_id, key=new_key(), reason="错")

    with pytest.raises(NotReversible):
        reverse_journal(journal_id=back.journal_id, key=new_key(), reason="又错")

    assert account_of(wallet).balance == 500


def test_money_that_moved_on_cannot_be_reversed():
    wallet = make_wallet()
    came = post_journal(kind="top_up", key=new_key(), legs=top_up_legs(wallet_id=wallet.pk, amount=500))
    post_journal(kind="order_payment", key=new_key(), legs=payment(wallet, 400))

    with pytest.raises(InsufficientBalance) as refusal, transaction.atomic():
        reverse_journal(journal_id=came.journal_id, key=new_key(), reason="错")

    assert refusal.value.detail == {"needed": 500, "available": 100}
    assert account_of(wallet).balance == 100
