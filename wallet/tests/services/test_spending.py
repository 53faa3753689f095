"""A customer spends: from the wallet, through WeChat, or both at once."""

import pytest
from django.db.transaction import atomic

from wallet.errors import HoldExhausted
from wallet.models import Entry, Record
from wallet.services.holds import place_hold, void_hold
from wallet.services.spending import book_payment
from wallet.tests.factories import amounts_in, make_wallet, new_key

pytestmark = pytest.mark.django_db


def book(wallet, *, hold=None, channel=0, key=None):
    with atomic():
        return book_payment(
            user_id=wallet.user_id,
            hold_id=hold and hold.pk,
            balance=hold.amount if hold else 0,
            channel_amount=channel,
            key=key or new_key("order"),
            reference="D1",
            title="双人套餐",
            counterparty="store:renmin",
            counterparty_name="人民路店",
            facts={"payment": "P1"},
        )


@pytest.mark.parametrize(("held", "channel"), [(3_000, 6_499), (9_499, 0), (0, 9_499)])
def test_an_order_is_one_journal_and_one_line_however_it_was_paid(held, channel):
    wallet = make_wallet(principal=10_000)
    hold = held and place_hold(wallet_id=wallet.pk, amount=held, key=new_key("hold"), reference="D1")

    journal = book(wallet, hold=hold or None, channel=channel)

    moved = dict(Entry.objects.filter(journal=journal.journal_id).values_list("account__code", "amount"))
    assert moved.pop("merchant_sales") == 9_499
    assert moved.pop("wechat_clearing", 0) == -channel
    assert moved.pop("principal", 0) == -held
    assert not moved
    [record] = Record.objects.filter(journal=journal.journal_id)
    assert (record.kind, record.direction, record.title) == ("payment", "out", "双人套餐")
    assert (record.amount, record.balance_amount, record.channel_amount) == (9_499, held, channel)
    assert (record.counterparty, record.counterparty_name) == ("store:renmin", "人民路店")
    assert record.balance_after == 10_000 - held
    assert amounts_in(wallet) == ({"principal": (10_000 - held, 0)})


def test_an_order_booked_twice_is_booked_once():
    wallet, key = make_wallet(principal=10_000), new_key("order")
    hold = place_hold(wallet_id=wallet.pk, amount=3_000, key=new_key("hold"), reference="D1")

    first, second = (book(wallet, hold=hold, channel=6_499, key=key) for _ in range(2))

    assert first.journal_id == second.journal_id
    assert Record.objects.filter(wallet=wallet).count() == 1
    assert amounts_in(wallet) == {"principal": (7_000, 0)}


def test_an_order_whose_hold_was_let_go_is_not_booked_at_all():
    wallet, key = make_wallet(principal=10_000), new_key("order")
    hold = place_hold(wallet_id=wallet.pk, amount=3_000, key=new_key("hold"), reference="D1")
    void_hold(hold_id=hold.pk)

    with pytest.raises(HoldExhausted):
        book(wallet, hold=hold, channel=6_499, key=key)

    assert not Entry.objects.filter(journal__key=key).exists()
    assert not Record.objects.filter(wallet=wallet).exists()
    assert amounts_in(wallet) == {"principal": (10_000, 0)}
