"""A day of trade in bad weather, and the morning after: ledger, WeChat's book and its bills, to the fen."""

import random
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max

from payments.errors import InvalidCallback
from payments.models import CloseItem, Difference, Payment
from payments.rules.daily_close import BUCKETS, Bucket
from payments.selectors.daily_closes import explanation_of
from payments.services.daily_closes import forget_bills, reconcile_day
from payments.services.differences import repair_difference
from wallet.models import Journal
from wallet_project.kit import clock
from wallet_project.tests.proofs.trade import Phone, Trade, counter_order, hear, numbers_of, unfinished

pytestmark = pytest.mark.committed

CUSTOMERS = 36
# Of the answers to whoever begins to pay, and of the callbacks.
ANSWERS = (
    "error_before",
    "error_after",
    "rate_limited",
    "reset",
    "reset_after",
    "unknown_code",
    "unknown_code_after",
    "unsigned",
    "bad_signature",
    "signtest",
    "unknown_serial",
)
CALLBACKS = ("drop", "duplicate", "reorder", "signtest", "wrong_serial", "stale", "tampered")


class Customer:
    def __init__(self, trade: Trade, dice: random.Random) -> None:
        self.trade, self.dice, self.phone = trade, dice, Phone()
        self.amount = dice.randint(100, 9_999)
        self.order = counter_order(self.phone, self.amount) if dice.random() < 0.6 else None
        self.wish: tuple[str, dict[str, Any]] = (
            (f"orders/{self.order.number}/pay", {"method": "wechat"})
            if self.order
            else ("wallet/top-ups", {"amount": self.amount})
        )

    def buy(self, answer: str) -> None:
        """The first try gets a bad answer. Some pay what they never had an answer about, or called off."""
        sandbox = self.trade.sandbox
        sandbox.fault(answer, path="/v3/pay/transactions/jsapi", times=self.dice.choice((1, 3)))
        began = self._try()
        sandbox.clear_faults()
        fate = self.dice.choice(("pay", "pay", "unanswered", "called off", "away"))
        payment = Payment.objects.get(payer=self.phone.user)
        there = sandbox.payments(out_trade_no=payment.number)
        if fate == "unanswered" and not began and there:
            sandbox.confirm(there[0]["prepay_id"])
            return
        asked = self.phone.post(*self.wish)
        if fate == "called off" and self.order:
            self.phone.post(f"orders/{self.order.number}/cancel", {})
        if fate != "away":
            self.trade.confirm(asked["pay_params"], late=True)

    def want_back(self) -> None:
        if self.order:
            self.order.refresh_from_db()
            if self.order.state == "PAID":
                wish = {"amount": self.dice.randint(1, self.amount), "reason": "OTHER"}
                self.phone.post(f"orders/{self.order.number}/refunds", wish)

    def _try(self) -> bool:
        try:
            self.phone.post(*self.wish)
        except AssertionError as refused:
            assert "CHANNEL_UNAVAILABLE" in str(refused)  # noqa: PT017 - no other is fine
            return False
        return True


@pytest.mark.parametrize("seed", [7])
def test_a_day_of_bad_weather_adds_up(day_in_order, trade, monkeypatch, seed):
    monkeypatch.setattr("payments.gateways.wechat.client.PAUSES", (0.01, 0.01))
    dice = random.Random(seed)
    last = Journal.objects.aggregate(last=Max("pk"))["last"] or 0
    before = trade.sandbox.book()["balance"]
    today = clock.business_day(clock.now())

    customers = [Customer(trade, dice) for _ in range(CUSTOMERS)]
    for place, customer in enumerate(customers):
        trade.sandbox.misbehave(CALLBACKS[place % len(CALLBACKS)])
        customer.buy(ANSWERS[place % len(ANSWERS)])
        trade.sandbox.behave()
    some_heard(trade, dice, share=0.7)
    for customer in customers:
        if dice.random() < 0.5:
            customer.want_back()
    trade.work()
    trade.sandbox.advance(20)  # what was not answered is sent once more, and refunds arrive
    some_heard(trade, dice, share=0.5)

    # The morning after: bills that are late, wrong, empty; then the right ones, with one line twice.
    tomorrow = clock.beginning_of(today) + timedelta(days=1, hours=10, minutes=15)
    trade.sandbox.reset_clock()
    trade.sandbox.advance((tomorrow - clock.now()).total_seconds())
    journals = Journal.objects.count()
    for spoilt in ("late", "wrong_hash", "empty"):
        trade.sandbox.plant(spoilt, str(today))
        tomorrow += timedelta(minutes=15)
        assert reconcile_day(today, at=tomorrow).state == "WAITING"
        trade.sandbox.forget_plants()
    assert Journal.objects.count() == journals
    trade.sandbox.plant("duplicate_row", str(today))
    close = reconcile_day(today, at=tomorrow + timedelta(minutes=15))
    for difference in close.differences.filter(bucket__in=("PAID_OURS_MISSING", "REFUND_STATE")):
        repair_difference(difference_id=difference.pk)
    trade.sandbox.reset_clock()

    # What was never paid is closed, what is to go back goes back, and callbacks come when all is over.
    for _round in range(4):
        Payment.objects.filter(payer__in=[each.phone.user for each in customers]).update(
            expires_at=clock.now()
        )
        trade.time_passes()
        trade.watch()
        trade.sandbox.advance(20)
        some_heard(trade, dice, share=1)
    assert [unfinished(each.phone.user) for each in customers] == [[]] * CUSTOMERS

    trade.sandbox.forget_plants()
    strange = trade.sandbox.plant("paid_unknown", str(today), amount=77)["wechat_no"]
    trade.sandbox.reset_clock()
    trade.sandbox.advance((tomorrow - clock.now()).total_seconds())
    forget_bills(today)
    close = reconcile_day(today, at=tomorrow + timedelta(hours=1))
    trade.work()  # WeChat is asked about the stranger, too, and knows none
    trade.sandbox.forget_plants()
    numbers = [number for each in customers for number in numbers_of(each.phone.user)]
    ours = CloseItem.objects.filter(close=close, number__in=numbers)
    assert set(ours.values_list("outcome", flat=True)) == {""}
    assert not Difference.objects.filter(close=close, number__in=numbers, ended="").exists()
    named = Difference.objects.get(close=close, subject=f"payment:{strange}")
    assert BUCKETS[Bucket(named.bucket)].role
    assert explanation_of(close).ties

    # Transaction by transaction, and in all.
    booked = clearing_moves(since=last)
    billed = {f"{item.kind}:{item.external_id}": item.trade_amount for item in ours}
    assert {told: abs(amount) for told, amount in booked.items()} == billed
    assert sum(booked.values()) == trade.sandbox.book()["balance"] - before


def some_heard(trade: Trade, dice: random.Random, *, share: float) -> None:
    """Of WeChat's letters some arrive, in any order, some of them many times; the others never do."""
    letters = trade.letters()
    for letter in dice.sample(letters, round(len(letters) * share)):
        for _time in range(dice.choice((1, 1, 2, 5))):
            with suppress(InvalidCallback):  # a probe, or one that was changed on its way
                hear(letter)
    trade.work()


def clearing_moves(*, since: int) -> dict[str, int]:
    """What moved the money at WeChat, by what it says it was: payment or refund, and WeChat's number."""
    names = {"wx:pay": "payment", "wx:refund": "refund"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT told, amount FROM wallet_clearing_move WHERE journal_id > %s", [since])
        rows = [(told.rpartition(":"), amount) for told, amount in cursor.fetchall()]
    return {f"{names[kind]}:{number}": int(amount) for (kind, _, number), amount in rows}
