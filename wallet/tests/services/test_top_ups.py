"""Money on its way into a wallet."""

import pytest
from django.db.transaction import TransactionManagementError, atomic

from wallet.models import Record, TopUp
from wallet.services.top_ups import credit_top_up, give_up_top_up, open_top_up
from wallet.tests.factories import amounts_in, make_wallet, new_key
from wallet_project.kit.errors import StateConflict
from wallet_project.kit.models import StoredEvent
from wallet_project.kit.serials import is_serial

pytestmark = pytest.mark.django_db


def credit(top_up, key):
    with atomic():
        return credit_top_up(number=top_up.number, key=key, facts={"transaction_id": "42"})


def test_a_top_up_is_credited_once_however_often_it_is_told():
    wallet, key = make_wallet(), new_key("wx:pay")
    top_up = open_top_up(wallet_id=wallet.pk, amount=5_000)
    assert is_serial(top_up.number, "R")

    for _ in range(3):
        credit(top_up, key)

    top_up.refresh_from_db()
    assert top_up.state == "CREDITED"
    assert top_up.journal.facts == {"transaction_id": "42"}
    assert amounts_in(wallet) == {"principal": (5_000, 0)}
    [record] = Record.objects.filter(wallet=wallet)
    assert (record.kind, record.direction, record.amount) == ("top_up", "in", 5_000)
    assert (record.balance_after, record.reference) == (5_000, top_up.number)
    [event] = StoredEvent.objects.filter(name="wallet.top_up.credited", payload__number=top_up.number)
    assert event.payload == {"number": top_up.number, "user_id": wallet.user_id, "amount": 5_000}


def test_a_top_up_given_up_is_not_credited():
    wallet = make_wallet()
    top_up = open_top_up(wallet_id=wallet.pk, amount=5_000)
    with atomic():
        give_up_top_up(number=top_up.number, reason="超时未支付")
        give_up_top_up(number=top_up.number, reason="再次关闭")

    with pytest.raises(StateConflict) as refusal:
        credit(top_up, new_key("wx:pay"))

    assert refusal.value.detail == {"state": "CLOSED", "wanted": "CREDITED"}
    assert TopUp.objects.get(pk=top_up.pk).closed_reason == "超时未支付"
    assert amounts_in(wallet) == {}
    assert not Record.objects.filter(wallet=wallet).exists()


def test_a_credited_top_up_is_not_given_up():
    wallet = make_wallet()
    top_up = open_top_up(wallet_id=wallet.pk, amount=5_000)
    credit(top_up, new_key("wx:pay"))

    with pytest.raises(StateConflict), atomic():
        give_up_top_up(number=top_up.number, reason="超时未支付")

    assert amounts_in(wallet) == {"principal": (5_000, 0)}


def test_crediting_needs_the_transaction_that_decided_so():
    top_up = open_top_up(wallet_id=make_wallet().pk, amount=5_000)

    with pytest.raises(TransactionManagementError):
        credit_top_up(number=top_up.number, key=new_key(), facts={})
