"""A cashback coupon takes nothing off and gives a share back, a week later, of what was not returned."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from coupons.models import Reward
from coupons.rules.baskets import Basket
from coupons.rules.offers import CouponKind
from coupons.rules.purchases import Bought
from coupons.rules.redemptions import Wish
from coupons.selectors.redemptions import discounts_for
from coupons.services.campaigns import take_back_for_return
from coupons.services.coupon_cashback import give_coupon_cashback
from coupons.services.coupons import issue_coupon
from coupons.services.purchases import note_purchase, note_return
from coupons.services.redemption import redeem_discounts, reserve_discounts
from coupons.services.reward_vesting import vest_rewards
from coupons.tests.offers import people, template
from wallet.services.wallets import open_wallet
from wallet.tests.factories import amounts_in
from wallet_project.kit import clock

pytestmark = pytest.mark.django_db

BASKET = Basket(amount=60_00, place="store:renmin", kind="STORE")


def buy(*, own=60_00):
    """Somebody buys for ¥60, the rest of it with gifts, with a coupon of 10 %, up to ¥5."""
    [person] = people(1)
    offer = template(name="返现周", kind=CouponKind.CASHBACK, amount=5_00, rate=1_000, threshold=0)
    coupon = issue_coupon(template_id=offer.pk, user_id=person.pk, source="test")
    now = clock.now()
    discounts = discounts_for(
        user_id=person.pk, basket=BASKET, wish=Wish(coupons=frozenset({coupon.serial})), at=now
    )
    with transaction.atomic():
        reserve_discounts(reference="P1", user_id=person.pk, discounts=discounts, at=now)
        redeem_discounts(reference="P1")
        note_purchase(
            Bought(
                user_id=person.pk,
                reference="O1",
                basket=BASKET,
                title="咖啡",
                place_name="人民路店",
                own=own,
                given=60_00 - own,
                paid_at=now,
                redemption="P1",
            )
        )
    return person


@pytest.fixture
def bought(outbox):
    """And everybody has heard of it."""
    person = buy()
    outbox.deliver()
    return person


def test_it_gives_its_share_a_week_later(bought):
    reward = Reward.objects.get()
    assert (reward.amount, reward.state, reward.title) == (5_00, "PENDING", "返现周")
    assert vest_rewards() == 0

    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1)):
        assert vest_rewards() == 1

    assert amounts_in(open_wallet(user_id=bought.pk))["cashback"] == (5_00, 0)


def test_of_what_is_returned_it_gives_nothing(bought, outbox):
    with transaction.atomic():
        note_return(reference="O1", number="B1", amount=30_00, own=30_00, at=clock.now())
    outbox.deliver()

    assert Reward.objects.get().amount == 2_50


def test_what_gifts_had_paid_gives_nothing_either_when_it_is_returned(outbox):
    buy(own=0)
    outbox.deliver()

    with transaction.atomic():
        note_return(reference="O1", number="B1", amount=30_00, own=0, at=clock.now())
    outbox.deliver()
    assert Reward.objects.get().amount == 2_50

    with transaction.atomic():
        note_return(reference="O1", number="B2", amount=30_00, own=0, at=clock.now())
    outbox.deliver()
    assert Reward.objects.get().state == "REVOKED"


def test_a_return_that_is_heard_first_is_not_forgotten():
    buy()
    with transaction.atomic():
        note_return(reference="O1", number="B1", amount=60_00, own=60_00, at=clock.now())
        take_back_for_return(reference="O1")

    with transaction.atomic():
        give_coupon_cashback(reference="O1")

    assert Reward.objects.get().state == "REVOKED"
