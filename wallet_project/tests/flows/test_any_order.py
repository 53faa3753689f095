"""Whatever happens, in any order: each transaction ends in one place, and our book is WeChat's book."""

import uuid

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from payments.models import ExceptionCase, Order, Payment, Refund
from payments.rules.order_states import LIVE
from payments.services.closing import close_payment, query_unsure_payment
from payments.services.refunds import push_refund
from payments.tasks import close_expired
from wallet.models import Journal, LedgerAccount
from wallet.rules.postings import Leg
from wallet.services.ledger import post_journal
from wallet.services.wallets import open_wallet
from wallet_project.sandbox.client import SandboxRefused
from wallet_project.tests.flows.conftest import let_time_run_out, money_at_wechat

pytestmark = pytest.mark.committed

BALANCE, AMOUNT = 300, 800
AUTOMATIC = {"LATE_PAYMENT", "DOUBLE_PAYMENT"}


class Story:
    """One customer with 3.00 yuan, one order of 8.00, and a WeChat whose callbacks come when we say so."""

    def __init__(self, *, customer, sandbox, outbox, number):
        self.customer, self.sandbox, self.outbox, self.number = customer, sandbox, outbox, number
        self.prepay_ids = []
        self.told = 0

    # what the customer does

    def ask_for_both(self):
        self._ask("combined")

    def ask_for_wechat(self):
        self._ask("wechat")

    def cancel(self):
        answer = self.customer.post(f"orders/{self.number}/cancel")
        assert answer.status_code in {200, 409}, answer.text

    def pay(self, **wish):
        self._confirm(self.prepay_ids[-1:], wish)

    def pay_the_first(self):
        self._confirm(self.prepay_ids[:1], {"late": True})

    def pay_late(self):
        self.pay(late=True)

    def pay_again(self):
        self.pay(twice=True, late=True)

    def pay_too_little(self):
        self.pay(total=1, late=True)

    def let_somebody_else_pay(self):
        self.pay(openid="o-somebody-else", late=True)

    # what WeChat does

    def call_back(self):
        """The oldest callback that nobody has heard yet."""
        notices = self._notices()
        if self.told < len(notices):
            self.sandbox.resend(notices[self.told]["id"])
            self.told += 1

    def call_back_newest(self):
        for notice in self._notices()[-1:]:
            self.sandbox.resend(notice["id"])

    def repeat_everything(self):
        for notice in reversed(self._notices()[: self.told]):
            self.sandbox.resend(notice["id"])

    def finish_refunds(self):
        self.sandbox.advance(1)
        self.sandbox.wait_for_notices()

    # what our clock does

    def work(self):
        self.outbox.deliver()

    def query(self):
        for payment in self._payments():
            query_unsure_payment(number=payment.number)

    def close(self):
        for payment in self._payments():
            close_payment(number=payment.number, reason="超时未支付")

    def push_refunds(self):
        for refund in Refund.objects.filter(case__number__in=self._payment_numbers()):
            push_refund(number=refund.number)

    def come_to_rest(self):
        """Time passes: every callback arrives once more, and the sweeps run until nothing is left to do."""
        let_time_run_out(self.number)
        for _ in range(2):
            for notice in self._notices():
                self.sandbox.resend(notice["id"])
            self.work()
            self.close()
            self.finish_refunds()
            self.push_refunds()
        close_expired()

    def _ask(self, method):
        answer = self.customer.post(f"orders/{self.number}/pay", {"method": method})
        assert answer.status_code in {200, 409}, answer.text
        if answer.status_code == 200 and answer.json()["pay_params"]:
            self.prepay_ids.append(answer.json()["pay_params"]["package"].removeprefix("prepay_id="))

    def _confirm(self, prepay_ids, wish):
        for prepay_id in prepay_ids:
            try:
                self.sandbox.confirm(prepay_id, **wish)
            except SandboxRefused as refusal:
                assert refusal.code in {"ORDER_PAID", "ORDER_CLOSED"}  # noqa: PT017 - either is fine, no other

    def _payments(self):
        return Payment.objects.filter(order__number=self.number).order_by("id")

    def _payment_numbers(self):
        return [payment.number for payment in self._payments()]

    def _notices(self):
        """About this order, oldest first."""
        ours = set(self._payment_numbers())
        dropped = reversed(self.sandbox.notices(state="DROPPED"))
        return [notice for notice in dropped if notice["resource"]["out_trade_no"] in ours]


STEPS = [name for name in vars(Story) if not name.startswith("_") and name != "come_to_rest"]


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=10))
@example(steps=["pay", "call_back", "work", "call_back", "work"])
@example(steps=["pay", "query", "call_back", "work", "repeat_everything", "work"])
@example(steps=["close", "pay_late", "call_back", "ask_for_wechat", "pay", "call_back_newest", "work"])
@example(steps=["pay_too_little", "call_back", "work", "pay_again", "call_back", "work", "finish_refunds"])
def test_any_order_of_events_ends_with_every_fen_in_one_place(
    new_customer, sandbox, outbox, place_order, steps
):
    apart = sandbox.book()["balance"] - money_at_wechat()
    story = begin(new_customer(), sandbox, outbox, place_order)

    for step in steps:
        getattr(story, step)()
    story.come_to_rest()

    assert sandbox.book()["balance"] - money_at_wechat() == apart
    assert_each_transaction_is_in_one_place(story)
    assert_the_order_is_over(story)


def begin(customer, sandbox, outbox, place_order):
    number = place_order(customer, AMOUNT)
    user_id = Order.objects.get(number=number).payer_id
    wallet = open_wallet(user_id=user_id)
    legs = [Leg("promotion_cost", -BALANCE), Leg("principal", BALANCE, wallet.pk)]
    post_journal(kind="top_up", key=f"gift:{uuid.uuid4().hex}", legs=legs)
    sandbox.misbehave("drop", times=1_000)
    story = Story(customer=customer, sandbox=sandbox, outbox=outbox, number=number)
    story.ask_for_both()
    return story


def assert_each_transaction_is_in_one_place(story):
    """Paid for the order, or kept in one case; what is refunded by rule is back with its payer."""
    for number in story._payment_numbers():
        payment = Payment.objects.get(number=number)
        transactions = story.sandbox.payment(number)["transaction_ids"]
        for transaction_id in transactions:
            cases = ExceptionCase.objects.filter(transaction_id=transaction_id, journal_id__isnull=False)
            settles = payment.state == "PAID" and payment.transaction_id == transaction_id
            assert cases.count() + settles == 1, (number, transaction_id, list(cases))
            assert Journal.objects.filter(key=f"wx:pay:{transaction_id}").count() == 1
            for case in cases:
                refunded = [refund.state for refund in case.refunds.all()]
                assert (case.state, refunded) == (
                    ("RESOLVED", ["SUCCESS"]) if case.kind in AUTOMATIC else ("OPEN", [])
                )
        if payment.state == "PAID" and payment.from_channel:
            assert payment.transaction_id in transactions


def assert_the_order_is_over(story):
    """Paid in full once, or closed with nothing taken, or waiting for a person with its part still held."""
    order = Order.objects.get(number=story.number)
    states = [payment.state for payment in story._payments()]
    accounts = LedgerAccount.objects.filter(wallet__user=order.payer_id)
    held = sum(account.held for account in accounts)
    balance = sum(account.balance for account in accounts)
    assert not set(states) & set(LIVE)
    match order.state:
        case "PAID":
            assert states.count("PAID") == 1
            assert (balance, held) == (BALANCE - order.paid_from_balance, 0)
        case "CLOSED":
            assert not set(states) & {"PAID", "DISPUTED"}
            assert (balance, held) == (BALANCE, 0)
        case "PAYING":
            disputed = Payment.objects.get(order=order, state="DISPUTED")
            assert (balance, held) == (BALANCE, disputed.from_balance)
        case _:
            pytest.fail(f"the order stays {order.state}")
