"""Somebody with a coupon and points, and orders that they pay with them."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.errors import StepUpRequired
from accounts.models import WeChatIdentity
from accounts.tests.factories import LoggedIn, grant_of, logged_in, with_pin
from coupons.models import Coupon, PointsAccount
from coupons.rules.redemptions import Wish
from coupons.selectors.redemptions import discounts_for
from coupons.services.coupons import issue_coupon
from coupons.services.points import give_points
from coupons.services.redemption import reserve_discounts
from coupons.tests.offers import template
from payments.models import Order, Payment, Store
from payments.rules.order_states import PaymentState
from payments.rules.plans import PayMethod, Way
from payments.selectors.purchases import basket_of
from payments.services.checkout import Checkout, pay_order
from payments.services.orders import create_store_order
from wallet.services.wallets import open_wallet
from wallet.tests.factories import fill, new_key
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial


@dataclass
class Payer:
    person: LoggedIn
    coupon: Coupon

    @property
    def id(self) -> int:
        return self.person.user.pk

    @property
    def points(self) -> tuple[int, int]:
        """Active and reserved."""
        account = PointsAccount.objects.get(pk=self.id)
        return account.active, account.reserved

    @property
    def state(self) -> str:
        """Of their coupon."""
        self.coupon.refresh_from_db()
        return self.coupon.state


def payer(*, points: int = 1_000, principal: int = 0, bonus: int = 0, **terms: Any) -> Payer:
    """With a coupon of 5.00 that applies to everything, unless the terms say otherwise."""
    person = with_pin(logged_in())
    identity = {"appid": settings.WECHAT["appid"], "openid": f"o{uuid.uuid4().hex[:27]}"}
    WeChatIdentity.objects.create(user=person.user, **identity)
    fill(open_wallet(user_id=person.user.pk), principal=principal, bonus=bonus)
    with transaction.atomic():
        give_points(user_id=person.user.pk, points=points, source=new_key(), title="赠送")
    return Payer(person, coupon_for(person.user.pk, **terms))


def coupon_for(user_id: int, **terms: Any) -> Coupon:
    made = template(**{"threshold": 0, "name": "立减 5 元", **terms})
    return issue_coupon(template_id=made.pk, user_id=user_id, source=new_key())


def order_of(who: Payer, amount: int = 20_00) -> Order:
    """At a counter that gives all of it back at once."""
    code = uuid.uuid4().hex[:12]
    store = Store.objects.create(code=code, name="人民路店", refunds_at_once_up_to=amount)
    return create_store_order(payer_id=who.id, store_code=store.code, amount=Fen(amount), remark="")


def wish(*coupons: Coupon, points: int = 0) -> Wish:
    return Wish(coupons=frozenset(coupon.serial for coupon in coupons), points=points)


def pay(who: Payer, order: Order, wanted: Wish, *, method: PayMethod = PayMethod.BALANCE) -> Checkout:
    """As they do it: proven where it must be."""
    asked: dict[str, Any] = {
        "payer_id": who.id,
        "device_id": who.person.device.device_id,
        "order_no": order.number,
        "way": Way(method=method, discounts=wanted),
    }
    try:
        return pay_order(**asked)
    except StepUpRequired as needed:
        return pay_order(**asked, grant=grant_of(needed.detail["challenge_id"]))


def waiting(who: Payer, order: Order, wanted: Wish) -> Payment:
    """WeChat holds the rest of it for them; the discounts are reserved."""
    number, now = new_serial("P"), clock.now()
    with transaction.atomic():
        found = discounts_for(user_id=who.id, basket=basket_of(order), wish=wanted, at=now)
        reserve_discounts(reference=number, user_id=who.id, discounts=found, at=now)
        Order.objects.filter(pk=order.pk).update(state=Order.State.PAYING)
        return Payment.objects.create(
            number=number,
            order=order,
            payer_id=who.id,
            method=PayMethod.WECHAT,
            description=order.title,
            uses_discounts=True,
            from_coupons=found.coupon_off,
            from_points=found.points_worth,
            from_balance=0,
            from_channel=order.amount - found.total,
            state=PaymentState.WAITING,
            appid=settings.WECHAT["appid"],
            mchid=settings.WECHAT["mchid"],
            openid="o-the-payer",
            expires_at=order.expires_at,
        )
