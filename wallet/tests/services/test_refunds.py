"""Money of a paid order comes back to where it was: the same lots, never more than they gave."""

import pytest
from django.db import connection, transaction

from wallet.errors import KeyReused, LotExhausted, WalletClosed
from wallet.models import LedgerAccount, Lot, Record, RecordCategory
from wallet.rules.postings import Leg
from wallet.services.freezes import freeze_wallet
from wallet.services.holds import place_hold
from wallet.services.ledger import Lots, post_journal
from wallet.services.refunds import (
    RefundMoney,
    book_refund,
    book_unclaimed_refund,
    refund_to_balance,
    settle_refund,
)
from wallet.services.spending import book_payment
from wallet.tests.factories import amounts_in, make_wallet, new_key
from wallet_project.kit.money import Fen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_one_transaction(db):
    with transaction.atomic():
        yield


@pytest.fixture
def order_no() -> str:
    return new_key("order")


@pytest.fixture
def wallet(order_no):
    """600 own money, 200 bonus and 150 through WeChat have paid an order."""
    wallet = make_wallet()
    for code, amount in (("principal", 600), ("bonus", 200)):
        legs = [Leg("promotion_cost", -amount), Leg(code, amount, wallet.pk)]
        post_journal(kind="promotion", key=new_key(), legs=legs, lots=Lots(source=new_key("R")[:40]))
    hold = place_hold(wallet_id=wallet.pk, amount=800, key=new_key("hold"), reference=order_no)
    book_payment(
        user_id=wallet.user_id,
        hold_id=hold.pk,
        balance=hold.amount,
        channel_amount=Fen(150),
        key=new_key("pay"),
        reference=order_no,
        title="人民路店",
        counterparty="store:renmin",
        counterparty_name="人民路店",
        facts={},
    )
    return wallet


@pytest.fixture
def money(wallet, order_no):
    def of(number="D1", channel=0, **back):
        return RefundMoney(
            user_id=wallet.user_id,
            number=f"{order_no}:{number}",
            order_no=order_no,
            back={code: Fen(amount) for code, amount in back.items()},
            channel=Fen(channel),
            title="人民路店",
            counterparty="store:renmin",
            counterparty_name="人民路店",
        )

    return of


def owed() -> int:
    return sum(LedgerAccount.objects.filter(code="refund_clearing").values_list("balance", flat=True))


def test_each_colour_is_in_its_lot_again_and_the_line_counts_against_the_spending(wallet, money):
    before = owed()

    with transaction.atomic():
        first = book_refund(money(principal=300, bonus=100, channel=75))
        again = book_refund(money(principal=300, bonus=100, channel=75))

    assert (again.replayed, again.journal_id) == (True, first.journal_id)
    assert amounts_in(wallet) == {"principal": (300, 0), "bonus": (100, 0)}
    assert dict(Lot.objects.filter(account__wallet=wallet).values_list("account__code", "remaining")) == {
        "principal": 300,
        "bonus": 100,
    }
    assert owed() - before == 75
    line = Record.objects.get(wallet=wallet, kind="refund")
    assert (line.amount, line.balance_amount, line.channel_amount) == (475, 400, 75)
    paid = Record.objects.get(wallet=wallet, kind="payment")
    assert RecordCategory.objects.get(record=line).follows_id == RecordCategory.objects.get(record=paid).pk


def test_no_colour_gets_back_more_than_it_gave(wallet, money):
    book_refund(money(bonus=150))

    with pytest.raises(LotExhausted), transaction.atomic():
        book_refund(money("D2", bonus=51))

    assert amounts_in(wallet)["bonus"] == (150, 0)
    assert Record.objects.filter(wallet=wallet, kind="refund").count() == 1


def test_wechats_part_is_given_once_by_wechat_or_to_the_wallet(wallet, money):
    before = owed()
    refund = money(channel=150)
    book_refund(refund)

    for _time in range(2):
        settle_refund(amount=Fen(150), number=refund.number, refund_id="50001")
    with pytest.raises(KeyReused), transaction.atomic():
        refund_to_balance(user_id=wallet.user_id, amount=Fen(150), number=refund.number)

    assert owed() == before
    assert amounts_in(wallet) == {}


def test_what_wechat_cannot_give_is_own_money_in_the_wallet(wallet, money):
    before = owed()
    refund = money(channel=150)
    book_refund(refund)

    refund_to_balance(user_id=wallet.user_id, amount=Fen(150), number=refund.number)

    assert owed() == before
    assert amounts_in(wallet)["principal"] == (150, 0)
    assert Record.objects.get(wallet=wallet, kind="refund_balance").balance_amount == 150


def test_a_frozen_wallet_takes_in_what_is_its_owners(wallet, money):
    freeze_wallet(wallet_id=wallet.pk, reason="核实身份")
    book_refund(money(principal=100))
    assert amounts_in(wallet)["principal"] == (100, 0)


def test_what_belongs_to_somebody_who_has_left_is_looked_into(wallet, money):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_close_wallet(%s)", [wallet.pk])
    before = LedgerAccount.objects.get(code="suspense").balance

    with pytest.raises(WalletClosed):
        book_refund(money(principal=100, channel=10))
    book_unclaimed_refund(money(principal=100, channel=10))

    assert LedgerAccount.objects.get(code="suspense").balance - before == 100
    assert not Record.objects.filter(wallet=wallet, kind="refund").exists()
