"""
Our process dies at every point of every payment flow: before it, after it, and twice at the same one. Then it
starts again, the customer sends what was never answered once more, WeChat repeats what we did not take, the
watches run; and what is left is what is left where nobody died.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from coupons.models import Coupon, PointsAccount
from payments.models import DailyClose, Difference, Payment, ShopSystem
from payments.services.daily_closes import forget_bills, reconcile_day
from payments.services.orders import Line, create_shop_order
from payments.services.returns import return_to_sources
from payments.services.shops import create_shop_system
from payments.tests.factories import biller
from wallet_project.kit import clock
from wallet_project.kit.testing.failpoints import How, Life
from wallet_project.tests.flows.conftest import let_time_run_out
from wallet_project.tests.proofs.trade import (
    SHOP,
    Phone,
    Trade,
    counter_order,
    fill_the_merchants_account,
    hear,
    left_with,
    numbers_of,
    unfinished,
)

pytestmark = pytest.mark.committed

ROUNDS = 6


class Story:
    """One customer's dealing; `live` may be begun again at any time and goes on where the world stands."""

    def __init__(self, trade: Trade) -> None:
        self.trade, self.sandbox = trade, trade.sandbox
        self.sandbox.reset_clock()
        self.phone = Phone()
        self.unheard: list[Any] = []
        self._happened: set[str] = set()
        self.begin()

    def begin(self) -> None:
        """What was before."""

    def live(self) -> None:
        raise NotImplementedError

    def check(self) -> None:
        """What must be true afterwards, besides."""

    def once(self, what: str, act: Callable[[], Any]) -> None:
        """Something that other people do, and that our dying does not undo."""
        if what not in self._happened:
            act()
            self._happened.add(what)

    def hear(self) -> None:
        """WeChat's letters, each again until we have taken it; then our workers."""
        self.unheard += self.trade.letters()
        while self.unheard:
            hear(self.unheard[0])
            self.unheard.pop(0)
        self.trade.work()

    def ask(self) -> None:
        """WeChat's letters are lost; our watches ask."""
        self.trade.letters()
        self.trade.time_passes()
        self.trade.watch()

    def pay(self, asked: dict[str, Any]) -> None:
        self.once("paid", lambda: self.trade.confirm(asked["pay_params"]))


class TopUp(Story):
    def live(self) -> None:
        self.pay(self.phone.post("wallet/top-ups", {"amount": 700}))
        self.hear()


class OrderPaidWithEverything(Story):
    """A coupon, points, the balance and WeChat."""

    def begin(self) -> None:
        self.phone.put_in(300)
        self.number = counter_order(self.phone, 1_800).number
        coupon = self.phone.has_coupon(500)
        self.phone.has_points(400)
        path = f"orders/{self.number}/pay"
        self.wish = (path, {"method": "combined", "coupons": [coupon], "points": 250})
        self.phone.prove(*self.wish)

    def live(self) -> None:
        self.pay(self.phone.post(*self.wish))
        self.ask()


class OrderNotPaidInTime(OrderPaidWithEverything):
    def live(self) -> None:
        self.phone.post(*self.wish)
        let_time_run_out(self.number)
        self.ask()


class PaidTooLate(Story):
    """The order was called off; the money goes back by itself."""

    def begin(self) -> None:
        number = counter_order(self.phone, 800).number
        asked = self.phone.post(f"orders/{number}/pay", {"method": "wechat"})
        self.phone.post(f"orders/{number}/cancel", {})
        self.trade.confirm(asked["pay_params"], late=True)

    def live(self) -> None:
        self.hear()
        self.sandbox.advance(1)
        self.hear()


class OrderRefunded(OrderPaidWithEverything):
    """All of it, so that the coupon comes back."""

    def begin(self) -> None:
        super().begin()
        super().live()

    def live(self) -> None:
        self.phone.post(f"orders/{self.number}/refunds", {"amount": 1_800, "reason": "DEFECTIVE"})
        self.trade.work()
        self.sandbox.advance(1)
        self.hear()

    def check(self) -> None:
        user = self.phone.user
        assert Coupon.objects.get(user=user).state == "HELD"
        assert PointsAccount.objects.get(user=user).active == 400


class TopUpRefunded(TopUp):
    def begin(self) -> None:
        self.phone.know()
        super().live()
        [payment] = Payment.objects.filter(payer=self.phone.user)
        path = f"wallet/top-ups/{payment.top_up.number}/refund"
        self.wish = (path, {"refund": self.phone.get(path)["refund"]})
        self.phone.prove(*self.wish)

    def live(self) -> None:
        self.phone.post(*self.wish)
        self.trade.work()
        self.sandbox.advance(1)
        self.ask()


class Withdrawn(Story):
    """To their WeChat balance; they confirm it there."""

    def begin(self) -> None:
        self.phone.know()
        self.phone.put_in(1_000)
        quote = self.phone.post("wallet/quotes", {"kind": "withdraw", "amount": 400})
        self.wish = ("wallet/withdrawals", {"amount": 400, "quote_id": quote["id"]})
        self.phone.prove(*self.wish)

    def live(self) -> None:
        number = self.phone.post(*self.wish)["number"]
        self.trade.work()
        if waiting := self.phone.get(f"wallet/withdrawals/{number}")["transfer"]["confirm"]:
            self.once("taken", lambda: self.sandbox.take_transfer(waiting["package"]))
        self.hear()


class BillPaid(Story):
    def begin(self) -> None:
        biller("power")
        self.phone.know()
        self.phone.put_in(6_000)
        account = f"{self.phone.user.pk:010d}"
        self.sandbox.bill_account("power", account, due=56_80)
        payee = self.phone.post("bill-queries", {"biller": "power", "account": account})["payee"]
        wanted = {"amount": 56_80, "payee": payee}
        quote = self.phone.post("wallet/quotes", {"kind": "bill", **wanted})
        self.wish = ("bill-payments", {**wanted, "quote_id": quote["id"]})
        self.phone.prove(*self.wish)

    def live(self) -> None:
        self.phone.post(*self.wish)
        self.sandbox.advance(1)
        self.hear()


class ShopTold(Story):
    def begin(self) -> None:
        self.phone.put_in(800)
        shop, _secret = create_shop_system(key_id=f"k{self.phone.user.pk}", name="网上商城")
        ShopSystem.objects.filter(pk=shop.pk).update(notify_url=self.trade.postbox.url + SHOP)
        lines = [Line(name="挂耳咖啡", unit_price=800, quantity=1)]
        given = {"shop_id": shop.pk, "shop_order_no": "1", "title": "网上商城", "lines": lines}
        self.number = create_shop_order(**given, payer_openid=self.phone.openid).number
        self.wish = (f"orders/{self.number}/pay", {"method": "balance"})
        self.phone.prove(*self.wish)

    def live(self) -> None:
        self.phone.post(*self.wish)
        self.trade.work()
        self.ask()

    def check(self) -> None:
        """Perhaps more than once, but always the same message."""
        heard = [told for told in self.trade.postbox.shop_heard if told["order"]["number"] == self.number]
        assert {told["event"] for told in heard} == {"order.paid"}
        assert len({told["id"] for told in heard}) == 1


class DayClosed(Story):
    """We never heard of a payment, nor of the end of a refund: the bills of the day tell."""

    def begin(self) -> None:
        self.day = clock.business_day(clock.now())
        self.at = clock.beginning_of(self.day) + timedelta(days=1, hours=10, minutes=15)
        if not DailyClose.objects.filter(day=self.day).exists():
            self.live()
        self.sandbox.reset_clock()
        forget_bills(self.day)
        for amount in (900, 1_000):
            self.trade.confirm(self.phone.post("wallet/top-ups", {"amount": amount})["pay_params"])
            if amount == 900:
                self.hear()
        with transaction.atomic():
            given = {"user_id": self.phone.user.pk, "wallet_id": self.phone.wallet.pk}
            return_to_sources(**given, amount=200, now=clock.now())
        self.trade.work()
        self.sandbox.advance(1)
        self.trade.letters()

    def live(self) -> None:
        self.at += timedelta(minutes=11)  # longer than anybody who died is waited for
        self.sandbox.reset_clock()
        self.sandbox.advance((self.at - clock.now()).total_seconds())
        reconcile_day(self.day, at=self.at)
        self.trade.work()

    def check(self) -> None:
        close = DailyClose.objects.get(day=self.day)
        assert (close.state == "WAITING", close.working_until) == (False, None)
        found = Difference.objects.filter(number__in=numbers_of(self.phone.user))
        assert set(found.values_list("bucket", flat=True)) == {"PAID_OURS_MISSING", "REFUND_STATE"}
        # Compared again after it was booked, it has ended by itself.
        assert set(found.values_list("ended", flat=True)) <= {"REPAIRED", "BY_ITSELF"}


def sweep(trade: Trade, kind: type[Story], *, points_at_least: int) -> None:
    clean = kind(trade)
    life = Life()
    assert life.live(clean.live)
    come_to_rest(trade, clean)
    clean.check()
    expected = left_with(clean.phone.user)
    sys.stdout.write("\n  ".join([f"\n{kind.__name__}, {len(life.points)} points:", *life.points]))
    assert len(life.points) >= points_at_least

    for point, how in life.deaths:
        story = kind(trade)
        assert not Life(dies_at=point, how=how).live(story.live), f"nobody came to {point}"
        if how is How.TWICE:
            trade.time_passes()
            Life(dies_at=point.partition(" #")[0]).live(story.live)
        come_to_rest(trade, story)
        story.check()
        assert left_with(story.phone.user) == expected, (point, how)


def come_to_rest(trade: Trade, story: Story) -> None:
    for _round in range(ROUNDS):
        trade.time_passes()
        story.live()
        if not unfinished(story.phone.user):
            return
        trade.watch()
    pytest.fail(f"this never ends: {unfinished(story.phone.user)}")


@pytest.mark.parametrize(
    ("kind", "points_at_least"),
    [
        (TopUp, 15),
        (OrderPaidWithEverything, 20),
        (OrderNotPaidInTime, 12),
        (PaidTooLate, 10),
        (OrderRefunded, 20),
        (TopUpRefunded, 14),
        (Withdrawn, 18),
        (BillPaid, 13),
        (ShopTold, 15),
    ],
)
def test_wherever_we_die_what_is_left_is_what_is_left_where_nobody_does(trade, kind, points_at_least):
    fill_the_merchants_account(trade)
    sweep(trade, kind, points_at_least=points_at_least)


def test_wherever_we_die_whoever_never_comes_back_has_their_money_again(trade):
    def lives(life: Life, story: OrderPaidWithEverything) -> bool:
        return life.live(lambda: story.phone.post(*story.wish))

    life = Life()
    assert lives(life, OrderPaidWithEverything(trade))
    for point in life.points:
        story = OrderPaidWithEverything(trade)
        assert not lives(Life(dies_at=point), story)

        let_time_run_out(story.number)
        trade.time_passes()
        trade.watch()

        assert not unfinished(story.phone.user), point
        assert story.phone.get(f"orders/{story.number}")["state"] == "CLOSED", point
        wallet = story.phone.get("wallet")
        assert (wallet["available"], wallet["held"]) == (300, 0), point
        assert Coupon.objects.get(user=story.phone.user).state == "HELD", point
        assert PointsAccount.objects.get(user=story.phone.user).active == 400, point


def test_wherever_we_die_the_day_is_closed_and_put_right(day_in_order, trade):
    sweep(trade, DayClosed, points_at_least=25)
