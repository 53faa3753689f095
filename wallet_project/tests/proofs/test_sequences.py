"""
The callback, the query, the line of the bill, the cancellation, the refund: all orders of them reach one end.

Every sequence of so many of them is the beginning of one of all; so what must hold after a part of them is
asserted after each. Then WeChat, the customer and our watches say everything once more.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from payments.errors import (
    OrderAlreadyPaid,
    OrderNotCancellable,
    OrderNotRefundable,
    RefundExceedsPaid,
)
from payments.gateways.wechat.notices import read_notice
from payments.models import CloseItem, DailyClose, ExceptionCase, MerchantTransfer, Payment, Refund
from payments.rules.order_refunds import RefundReason
from payments.rules.plans import PayMethod, Way
from payments.services.checkout import pay_order
from payments.services.closing import close_payment, query_unsure_payment
from payments.services.daily_closes import forget_bills, reconcile_day
from payments.services.differences import repair_difference
from payments.services.funding import start_top_up
from payments.services.order_refunds import ask_for_refund
from payments.services.orders import cancel_order
from payments.services.refunds import push_refund
from payments.services.returns import return_to_sources
from payments.services.transfer_sending import push_transfer
from payments.services.withdrawals import call_off
from wallet.errors import WithdrawalNotInReview
from wallet.models import Journal
from wallet.selectors.clearing import clearing_move_of
from wallet_project.kit import clock
from wallet_project.kit.models import Job
from wallet_project.kit.money import Fen
from wallet_project.sandbox.client import SandboxRefused
from wallet_project.tests.proofs.trade import (
    Phone,
    Trade,
    counter_order,
    fill_the_merchants_account,
    hear,
    left_with,
    numbers_of,
    refunds_of,
    unfinished,
)

pytestmark = pytest.mark.committed

AMOUNT, OWN = 800, 300


class Deal:
    """Something that WeChat has done and we have not heard of; each event is a method."""

    EVENTS: Sequence[str]
    TELLING: frozenset[str]
    """The events by which we hear of it."""

    def __init__(self, trade: Trade) -> None:
        self.trade, self.sandbox = trade, trade.sandbox
        self.phone = Phone()
        self.letters: list[Any] = []
        self.differences: list[int] = []
        self.number = self.begin()

    def begin(self) -> str:
        """The number by which WeChat knows it."""
        raise NotImplementedError

    def require_told(self, told: bool) -> None:
        """Booked once if we were told of it, not at all if we were not."""
        payment = Payment.objects.get(number=self.number)
        assert payment.state == ("PAID" if told else "WAITING")
        assert Journal.objects.filter(key=f"wx:pay:{payment.transaction_id}").count() == told

    def callback(self) -> None:
        for letter in self.letters:
            hear(letter)
        self.trade.work()

    def bill(self) -> None:
        for difference_id in self.differences:
            repair_difference(difference_id=difference_id)
        self.trade.work()

    def refund_notice(self) -> None:
        """WeChat refunds what it has been asked for, and says so."""
        self.sandbox.advance(1)
        for letter in self.trade.letters():
            hear(letter)
        self.trade.work()


class PaidOrder(Deal):
    """Paid in time with a coupon, points and money, and given back in full whenever its customer asks."""

    EVENTS = ("callback", "query", "bill", "close", "refund")
    TELLING = frozenset(("callback", "query", "bill", "close"))

    def begin(self) -> str:
        self.phone.put_in(OWN)
        self.phone.has_points(200)
        self.order = counter_order(self.phone, AMOUNT)
        path = f"orders/{self.order.number}/pay"
        wish = {"method": "combined", "coupons": [self.phone.has_coupon(100)], "points": 150}
        self.phone.prove(path, wish)
        asked = self.phone.post(path, wish)
        self.pay(asked["pay_params"])
        return str(asked["payment_no"])

    def pay(self, pay_params: dict[str, str]) -> None:
        self.trade.confirm(pay_params)

    def query(self) -> None:
        query_unsure_payment(number=self.number)
        self.trade.work()

    def close(self) -> None:
        with suppress(OrderAlreadyPaid, OrderNotCancellable):
            cancel_order(payer_id=self.phone.user.pk, number=self.order.number)
        self.trade.work()

    def refund(self) -> None:
        with suppress(OrderNotRefundable, RefundExceedsPaid):
            ask_for_refund(
                payer_id=self.phone.user.pk,
                order_no=self.order.number,
                amount=Fen(AMOUNT),
                reason=RefundReason.OTHER,
                note="",
            )
        self.trade.work()
        self.refund_notice()


class OrderPaidTooLate(PaidOrder):
    """Called off and closed at WeChat; then paid all the same."""

    EVENTS = ("callback", "bill", "close", "refund_notice")  # what is closed here is not asked about any more
    TELLING = frozenset(("callback", "bill"))

    def pay(self, pay_params: dict[str, str]) -> None:
        self.close()
        self.trade.confirm(pay_params, late=True)

    def require_told(self, told: bool) -> None:
        kept = ExceptionCase.objects.filter(payment__number=self.number)
        assert list(kept.values_list("kind", flat=True)) == ["LATE_PAYMENT"] * told
        assert Refund.objects.filter(case__in=kept).count() == told


class PaidTopUp(Deal):
    EVENTS = ("callback", "query", "bill", "close")
    TELLING = frozenset(EVENTS)

    def begin(self) -> str:
        funding = start_top_up(payer_id=self.phone.user.pk, amount=Fen(AMOUNT))
        self.trade.confirm(funding.pay_params or {})
        return funding.payment.number

    def query(self) -> None:
        query_unsure_payment(number=self.number)
        self.trade.work()

    def close(self) -> None:
        close_payment(number=self.number, reason="超时未支付")
        self.trade.work()


class TopUpGivenBack(Deal):
    """A part of it: WeChat was asked, and has done it since."""

    EVENTS = ("callback", "query", "bill")
    TELLING = frozenset(EVENTS)

    def begin(self) -> str:
        funding = start_top_up(payer_id=self.phone.user.pk, amount=Fen(AMOUNT))
        self.trade.confirm(funding.pay_params or {}, notify=False)
        query_unsure_payment(number=funding.payment.number)
        give_back(self.phone, 200)
        return self.ask_wechat()

    def ask_wechat(self) -> str:
        self.trade.work()
        self.sandbox.advance(1)
        return refunds_of(self.phone.user).get().number

    def query(self) -> None:
        push_refund(number=self.number)
        self.trade.work()

    def require_told(self, told: bool) -> None:
        refund = Refund.objects.get(number=self.number)
        assert refund.state == ("SUCCESS" if told else "PROCESSING")
        assert (clearing_move_of(f"wx:refund:{refund.refund_id}") is not None) == told


class OrderGivenBack(TopUpGivenBack):
    def begin(self) -> str:
        order = counter_order(self.phone, AMOUNT)
        given = {"payer_id": self.phone.user.pk, "order_no": order.number}
        way = Way(method=PayMethod.WECHAT)
        checkout = pay_order(**given, device_id=self.phone.person.device.device_id, way=way)
        self.trade.confirm(checkout.pay_params or {}, notify=False)
        query_unsure_payment(number=checkout.payment.number)
        ask_for_refund(**given, amount=Fen(AMOUNT), reason=RefundReason.OTHER, note="")
        return self.ask_wechat()


def give_back(phone: Phone, amount: int) -> None:
    with transaction.atomic():
        given = {"user_id": phone.user.pk, "wallet_id": phone.wallet.pk, "now": clock.now()}
        return_to_sources(**given, amount=Fen(amount))


@pytest.fixture
def compare(trade: Trade, no_daily_closes: None) -> Callable[[], DailyClose]:
    """Today's bills, fetched anew tomorrow morning and compared; for WeChat it is today again afterwards."""
    today = clock.business_day(clock.now())
    tomorrow = clock.beginning_of(today) + timedelta(days=1, hours=10, minutes=15)

    def compare() -> DailyClose:
        trade.sandbox.reset_clock()
        trade.sandbox.advance((tomorrow - clock.now()).total_seconds())
        if DailyClose.objects.filter(day=today).exists():
            forget_bills(today)
        close = reconcile_day(today, at=tomorrow)
        trade.sandbox.reset_clock()
        Job.objects.filter(task="payments.repair_difference").delete()  # that is an event of its own here
        return close

    return compare


@pytest.mark.parametrize("kind", [PaidOrder, OrderPaidTooLate, PaidTopUp, TopUpGivenBack, OrderGivenBack])
def test_whoever_tells_us_first_the_end_is_one(trade, kind, compare):
    sequences = list(permutations(kind.EVENTS))
    deals = [kind(trade) for _ in sequences]
    by_number = {deal.number: deal for deal in deals}
    for letter in trade.letters():
        said = read_notice(body=letter[2]).resource
        by_number[said.get("out_refund_no") or said["out_trade_no"]].letters.append(letter)
    for difference in compare().differences.filter(number__in=by_number):
        by_number[difference.number].differences.append(difference.pk)
    assert {(len(deal.letters), len(deal.differences)) for deal in deals} == {(1, 1)}

    for sequence, deal in zip(sequences, deals, strict=True):
        told = False
        for event in sequence:
            getattr(deal, event)()
            told = told or event in kind.TELLING
            deal.require_told(told)
        for event in sequence:
            getattr(deal, event)()
        assert not unfinished(deal.phone.user), sequence
        assert left_with(deal.phone.user) == left_with(deals[0].phone.user), sequence

    # And the bills of the day say the same, line by line.
    close = compare()
    numbers = [number for deal in deals for number in numbers_of(deal.phone.user)]
    assert not close.differences.filter(number__in=numbers, ended="").exists()
    agreed = CloseItem.objects.filter(close=close, number__in=numbers)
    assert set(agreed.values_list("outcome", flat=True)) == {""}
    assert agreed.count() >= len(deals)


class Payout:
    """Own money to somebody's WeChat balance; they may take it there, or call it off here, in any order."""

    EVENTS = ("take", "call_off", "callback", "query")

    def __init__(self, trade: Trade) -> None:
        self.trade, self.phone = trade, Phone()
        self.phone.know()
        self.phone.put_in(1_000)
        quote = self.phone.post("wallet/quotes", {"kind": "withdraw", "amount": 400})
        wish = ("wallet/withdrawals", {"amount": 400, "quote_id": quote["id"]})
        self.phone.prove(*wish)
        self.number = self.phone.post(*wish)["number"]
        trade.work()
        self.transfer = MerchantTransfer.objects.get(user=self.phone.user)
        self.letters: list[Any] = []

    def take(self) -> None:
        with suppress(SandboxRefused):
            self.trade.sandbox.take_transfer(self.transfer.package)

    def call_off(self) -> None:
        with suppress(WithdrawalNotInReview):
            call_off(user_id=self.phone.user.pk, number=self.number)
        self.trade.work()

    def callback(self) -> None:
        self.letters += self.trade.letters()
        for letter in self.letters:
            hear(letter)
        self.trade.work()

    def query(self) -> None:
        push_transfer(number=self.transfer.number)
        self.trade.work()


def test_whoever_is_first_takes_a_payout_or_calls_it_off_and_nobody_does_both(trade):
    fill_the_merchants_account(trade)
    for sequence in permutations(Payout.EVENTS):
        payout = Payout(trade)
        for event in (*sequence, *sequence):
            getattr(payout, event)()

        there = trade.sandbox.transfer(payout.transfer.number)["state"]
        assert there == ("SUCCESS" if sequence.index("take") < sequence.index("call_off") else "CANCELLED")
        ended, left = {"SUCCESS": ("PAID", 600), "CANCELLED": ("CANCELLED", 1_000)}[there]
        shown = payout.phone.get(f"wallet/withdrawals/{payout.number}")
        assert (shown["state"], shown["transfer"]["state"]) == (ended, there), sequence
        assert payout.phone.get("wallet")["total"] == left
        assert Journal.objects.filter(reference=payout.transfer.number).count() == 2
        assert not unfinished(payout.phone.user)
