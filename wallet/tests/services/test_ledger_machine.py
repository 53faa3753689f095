"""Random histories, played on the ledger and on sixty lines of Python: they must agree after every step."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from wallet.errors import AlreadyReversed, HoldExhausted, InsufficientBalance, KeyReused, WalletFrozen
from wallet.models import LedgerAccount
from wallet.rules import chart
from wallet.rules.postings import Leg, order_payment_legs
from wallet.services.freezes import freeze_wallet, unfreeze_wallet
from wallet.services.holds import capture_hold, place_hold, void_hold
from wallet.services.integrity import check_ledger
from wallet.services.ledger import post_journal, reverse_journal
from wallet.tests.factories import make_wallet, new_key
from wallet.tests.services.reference_ledger import ReferenceLedger
from wallet.tests.services.two_sides import on_both_sides

REFUSALS = (AlreadyReversed, HoldExhausted, InsufficientBalance, KeyReused, WalletFrozen)
NAMES = ("甲", "乙")

names = st.sampled_from(NAMES)
codes = st.sampled_from([row.code for row in chart.CUSTOMER])
amounts = st.integers(1, 300)


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.expected = ReferenceLedger()
        self.wallets = {name: make_wallet() for name in NAMES}
        self.posted = {}  # key → (journal id, call that posts it again)
        self.holds = {}  # key → hold id

    def both(self, ours, reference):
        return on_both_sides(ours, reference, refusals=REFUSALS)

    def post(self, key, legs, body, moved):
        def ours():
            return post_journal(kind="order_payment", key=key, legs=legs, reference=body)

        outcome, journal = self.both(ours, lambda: self.expected.post(key, body, moved))
        if outcome == "done":
            self.posted[key] = (journal.journal_id, legs, body, moved)

    @rule(name=names, code=codes, amount=amounts)
    def give(self, name, code, amount):
        legs = [Leg("promotion_cost", -amount), Leg(code, amount, self.wallets[name].pk)]
        self.post(new_key(), legs, "give", {(name, code): amount})

    @rule(name=names, code=codes, amount=amounts)
    def spend(self, name, code, amount):
        legs = [Leg(code, -amount, self.wallets[name].pk), Leg("merchant_sales", amount)]
        self.post(new_key(), legs, "spend", {(name, code): -amount})

    @rule(code=codes, amount=amounts)
    def send(self, code, amount):
        legs = [
            Leg(code, sign * amount, self.wallets[name].pk) for name, sign in zip(NAMES, (-1, 1), strict=True)
        ]
        self.post(new_key(), legs, "send", {("甲", code): -amount, ("乙", code): amount})

    @precondition(lambda self: self.posted)
    @rule(data=st.data(), body=st.sampled_from(["same", "other"]))
    def say_it_again(self, data, body):
        key = data.draw(st.sampled_from(list(self.posted)))
        journal_id, legs, said, moved = self.posted[key]
        self.post(key, legs, said if body == "same" else "other", moved)
        assert self.posted[key][0] == journal_id

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def reverse(self, data):
        original = data.draw(st.sampled_from(list(self.posted)))
        key = new_key()
        self.both(
            lambda: reverse_journal(journal_id=self.posted[original][0], key=key, reason="错"),
            lambda: self.expected.reverse(key, original),
        )

    @rule(name=names, amount=amounts)
    def place(self, name, amount):
        key = new_key("hold")
        outcome, hold = self.both(
            lambda: place_hold(wallet_id=self.wallets[name].pk, amount=amount, key=key, reference="D"),
            lambda: self.expected.place(key, name, amount),
        )
        if outcome == "done":
            self.holds[key] = hold.pk

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), amount=amounts)
    def capture(self, data, amount):
        hold, key = data.draw(st.sampled_from(list(self.holds))), new_key()
        legs = order_payment_legs(balance=amount, channel=7)
        self.both(
            lambda: capture_hold(hold_id=self.holds[hold], kind="order_payment", key=key, legs=legs),
            lambda: self.expected.capture(key, hold, amount),
        )

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def void(self, data):
        hold = data.draw(st.sampled_from(list(self.holds)))
        assert void_hold(hold_id=self.holds[hold]) == self.expected.void(hold)

    @rule(name=names)
    def freeze(self, name):
        freeze_wallet(wallet_id=self.wallets[name].pk, reason="测试")
        self.expected.frozen.add(name)

    @rule(name=names)
    def unfreeze(self, name):
        unfreeze_wallet(wallet_id=self.wallets[name].pk, reason="测试")
        self.expected.frozen.discard(name)

    @invariant()
    def they_agree(self):
        for name, wallet in self.wallets.items():
            rows = LedgerAccount.objects.filter(wallet=wallet).values_list("code", "balance", "held")
            assert {code: (balance, held) for code, balance, held in rows} == {
                row.code: (self.expected.balance(name, row.code), self.expected.held(name, row.code))
                for row in chart.CUSTOMER
            }

    def teardown(self):
        assert check_ledger().findings == []


@pytest.mark.django_db
def test_random_histories_agree_with_the_reference():
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
