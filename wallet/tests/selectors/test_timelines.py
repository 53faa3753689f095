"""What happened to one move of money."""

import pytest
from django.db.transaction import atomic

from wallet.models import Lot, Record
from wallet.selectors.records import colours_of
from wallet.selectors.timelines import timeline_of
from wallet.services.holds import place_hold, void_hold
from wallet.services.payouts import begin_payout, return_payout, settle_payout
from wallet.services.spending import book_payment
from wallet.services.top_ups import credit_top_up, open_top_up
from wallet.tests.factories import make_wallet, new_key

pytestmark = pytest.mark.django_db


def told(record):
    return [(step.code, step.amount) for step in timeline_of(record)]


def pay(wallet, hold, reference="O1"):
    with atomic():
        booked = book_payment(
            user_id=wallet.user_id,
            hold_id=hold.pk,
            balance=hold.amount,
            channel_amount=100,
            key=new_key("order"),
            reference=reference,
            title="双人套餐",
            counterparty="store:renmin",
            counterparty_name="人民路店",
            facts={},
        )
    return Record.objects.get(journal=booked.journal_id)


def promise(wallet, amount, reference="O1"):
    return place_hold(wallet_id=wallet.pk, amount=amount, key=new_key("hold"), reference=reference)


def test_a_payment_was_promised_let_go_and_promised_again(django_assert_num_queries):
    wallet = make_wallet(principal=1_000, bonus=200)
    promise(wallet, 50, reference="O2")
    void_hold(hold_id=promise(wallet, 300).pk)
    record = pay(wallet, promise(wallet, 250))

    with django_assert_num_queries(3):  # its records, its holds' events, what settled it
        steps = timeline_of(record)

    assert [(step.code, step.name, step.amount) for step in steps] == [
        ("placed", "冻结金额", 300),
        ("voided", "释放冻结金额", 300),
        ("placed", "冻结金额", 250),
        ("payment", "付款", 350),
    ]
    assert [step.at for step in steps] == sorted(step.at for step in steps)


def test_a_payment_says_what_colour_the_money_had():
    wallet = make_wallet(principal=1_000, bonus=200, cashback=30)

    record = pay(wallet, promise(wallet, 250))

    assert colours_of(record) == {"principal": -20, "bonus": -200, "cashback": -30}


def test_a_top_up_began_before_it_arrived():
    wallet = make_wallet()
    number = open_top_up(wallet_id=wallet.pk, amount=500).number
    with atomic():
        credit_top_up(number=number, key=new_key("wx:pay"), facts={})
    record = Record.objects.get(wallet=wallet)

    assert told(record) == [("created", 500), ("top_up", 500)]
    assert colours_of(record) == {"principal": 500}


def test_a_payout_that_arrived_and_one_that_came_back():
    wallet = make_wallet()
    with atomic():
        credit_top_up(
            number=open_top_up(wallet_id=wallet.pk, amount=1_000).number, key=new_key("wx:pay"), facts={}
        )
        lot = Lot.objects.get(account__wallet=wallet)
        begin_payout(wallet_id=wallet.pk, amount=300, number="F1", lot_id=lot.pk)
        begin_payout(wallet_id=wallet.pk, amount=200, number="F2", lot_id=lot.pk)
        settle_payout(amount=300, number="F1", key=new_key("wx:refund"))
        return_payout(number="F2")

    arrived, left = (Record.objects.get(reference=number, kind="payout") for number in ("F1", "F2"))

    assert told(arrived) == [("payout", 300), ("settled", 300)]
    assert told(left) == [("payout", 200), ("payout_returned", 200)]


def test_another_wallets_steps_with_the_same_reference_are_not_told():
    mine, other = make_wallet(principal=1_000), make_wallet(principal=1_000)
    pay(other, promise(other, 10))
    promise(other, 20)

    assert told(pay(mine, promise(mine, 30))) == [("placed", 30), ("payment", 130)]


def test_without_a_reference_there_is_nothing_to_look_for(django_assert_num_queries):
    record = pay(make_wallet(principal=100), promise(make_wallet(principal=100), 30), reference="")

    with django_assert_num_queries(0):
        assert told(record) == [("payment", 130)]
