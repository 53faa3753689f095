"""What is promised is owed from that moment, and no more of it lapses than was promised."""

import pytest
from django.db import transaction

from wallet.errors import InsufficientBalance
from wallet.models import LedgerAccount
from wallet.services.promises import Promise, book_lapse, book_promise
from wallet.tests.factories import make_wallet, new_key

pytestmark = pytest.mark.django_db


def owed(code):
    return sum(LedgerAccount.objects.filter(code=code).values_list("balance", flat=True))


def promise(user_id, amount, *, key=None):
    with transaction.atomic():
        return book_promise(
            of=Promise.POINTS, user_id=user_id, amount=amount, key=key or new_key(), reference="P1"
        )


def lapse(user_id, amount):
    with transaction.atomic():
        return book_lapse(of=Promise.POINTS, user_id=user_id, amount=amount, key=new_key(), reference="P1")


def test_a_promise_is_a_cost_and_a_liability_and_what_lapses_is_neither():
    user_id = make_wallet().user_id
    owed_before, cost_before = owed("points_liability"), owed("promotion_cost")

    promise(user_id, 5_00)
    lapse(user_id, 2_00)

    assert owed("points_liability") - owed_before == 3_00
    assert owed("promotion_cost") - cost_before == -3_00


def test_the_same_promise_is_booked_once():
    user_id, key = make_wallet().user_id, new_key()
    before = owed("points_liability")

    first, second = promise(user_id, 5_00, key=key), promise(user_id, 5_00, key=key)

    assert not first.replayed
    assert second.replayed
    assert owed("points_liability") - before == 5_00


def test_no_more_lapses_than_the_people_of_a_slot_were_promised():
    user_id = make_wallet().user_id
    before = owed("points_liability")
    promise(user_id, 5_00)

    with pytest.raises(InsufficientBalance):
        lapse(user_id, before + 5_01)

    assert owed("points_liability") - before == 5_00
