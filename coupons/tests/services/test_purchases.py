"""What somebody bought and sent back is noted once, however often it is told."""

import pytest
from django.db import transaction

from accounts.models import User
from coupons.models import Purchase
from coupons.rules.baskets import Basket, BasketLine
from coupons.rules.purchases import Bought
from coupons.services.purchases import note_purchase, note_return
from wallet_project.kit import clock
from wallet_project.kit.models import StoredEvent

pytestmark = pytest.mark.django_db

BASKET = Basket(
    amount=100_00, place="store:renmin", kind="STORE", lines=(BasketLine(sku="DRIP-10", amount=100_00),)
)


def bought(reference="O1", own=60_00, given=30_00):
    return Bought(
        user_id=User.objects.create().pk,
        reference=reference,
        basket=BASKET,
        title="咖啡",
        place_name="人民路店",
        own=own,
        given=given,
        paid_at=clock.now(),
    )


def heard(name, user_id):
    return StoredEvent.objects.filter(name=name, aggregate=f"user:{user_id}").count()


def test_a_purchase_is_noted_once_and_its_discount_is_what_money_did_not_pay():
    told = bought()

    with transaction.atomic():
        note_purchase(told)
        note_purchase(told)

    purchase = Purchase.objects.get(reference="O1")
    assert (purchase.amount, purchase.own, purchase.given, purchase.discount) == (100_00, 60_00, 30_00, 10_00)
    assert purchase.basket == BASKET
    assert heard("coupons.purchase.made", told.user_id) == 1


def test_a_return_is_noted_once():
    with transaction.atomic():
        note_purchase(bought())
        for _again in range(2):
            note_return(reference="O1", number="B1", amount=40_00, own=25_00, at=clock.now())

    purchase = Purchase.objects.get(reference="O1")
    assert (purchase.returned, purchase.returned_own) == (40_00, 25_00)
    assert purchase.returns.count() == 1
    assert heard("coupons.purchase.returned", purchase.user_id) == 1


def test_a_return_before_its_purchase_is_told_again_later():
    with transaction.atomic(), pytest.raises(Purchase.DoesNotExist):
        note_return(reference="O1", number="B1", amount=1, own=1, at=clock.now())
