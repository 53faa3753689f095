"""Random histories of money with a source, on the ledger and on a list: they agree after every step."""

from datetime import UTC, datetime, timedelta

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

from wallet.errors import InsufficientBalance, LotExhausted, WalletFrozen, WalletReceivesNothing
from wallet.models import Lot
from wallet.rules.freezes import FreezeScope
from wallet.rules.postings import Leg
from wallet.services.freezes import freeze_wallet, unfreeze_wallet
from wallet.services.integrity import check_ledger
from wallet.services.ledger import Lots, post_journal
from wallet.tests.factories import account_of, make_wallet, new_key
from wallet.tests.services.reference_lots import NEVER, ReferenceLots
from wallet.tests.services.two_sides import on_both_sides

REFUSALS = (InsufficientBalance, LotExhausted, WalletFrozen, WalletReceivesNothing)
NAMES = ("甲", "乙")
WAYS = {FreezeScope.OUT: ["out"], FreezeScope.IN: ["in"], FreezeScope.ALL: ["out", "in"]}
FAR = datetime(2030, 1, 1, tzinfo=UTC)

names = st.sampled_from(NAMES)
amounts = st.integers(1, 300)
ends = st.one_of(st.just(NEVER), st.integers(1, 5))


class LotsMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.expected = ReferenceLots()
        self.wallets = {name: make_wallet() for name in NAMES}
        self.sources = []  # (name, source)
        self.paid = {}  # key → (name, journal id)

    def both(self, ours, reference):
        return on_both_sides(ours, reference, refusals=REFUSALS)

    def post(self, name, amount, lots=None):
        legs = [Leg("principal", amount, self.wallets[name].pk), Leg("merchant_sales", -amount)]
        return post_journal(kind="order_payment", key=new_key(), legs=legs, lots=lots)

    @rule(name=names, amount=amounts, day=ends, owed=st.booleans())
    def put_in(self, name, amount, day, owed):
        source = new_key("R")[:40]
        until = None if day == NEVER else FAR + timedelta(days=day)
        outcome, _ = self.both(
            lambda: self.post(name, amount, Lots(source=source, expires_at=until, owed=owed)),
            lambda: self.expected.put_in(name, amount, source=source, ends=day, owed=owed),
        )
        if outcome == "done":
            self.sources.append((name, source))

    @rule(name=names, amount=amounts)
    def receive(self, name, amount):
        self.both(
            lambda: self.post(name, amount),
            lambda: self.expected.put_in(name, amount, source="", ends=NEVER, owed=False),
        )

    @rule(name=names, amount=amounts)
    def spend(self, name, amount):
        key = new_key()
        outcome, journal = self.both(
            lambda: self.post(name, -amount), lambda: self.expected.take(key, name, amount)
        )
        if outcome == "done":
            self.paid[key] = (name, journal.journal_id)

    @precondition(lambda self: self.sources)
    @rule(data=st.data(), amount=amounts)
    def take_exactly(self, data, amount):
        name, source = data.draw(st.sampled_from(self.sources))
        lot = Lot.objects.get(source=source)
        self.both(
            lambda: self.post(name, -amount, Lots(take=[(lot.pk, amount)])),
            lambda: self.expected.take(new_key(), name, amount, exactly=source),
        )

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), amount=amounts)
    def give_back(self, data, amount):
        key = data.draw(st.sampled_from(list(self.paid)))
        name, journal_id = self.paid[key]
        self.both(
            lambda: self.post(name, amount, Lots(restores=journal_id, owed=True)),
            lambda: self.expected.give_back(key, amount),
        )

    @rule(name=names, scope=st.sampled_from(FreezeScope))
    def freeze(self, name, scope):
        freeze_wallet(wallet_id=self.wallets[name].pk, reason="测试", scope=scope)
        self.expected.stop(name, *WAYS[scope])

    @rule(name=names)
    def unfreeze(self, name):
        unfreeze_wallet(wallet_id=self.wallets[name].pk, reason="测试")
        self.expected.let_go(name)

    @invariant()
    def they_agree(self):
        for name, wallet in self.wallets.items():
            account = account_of(wallet)
            lots = Lot.objects.filter(account=account.pk, is_used_up=False)
            unsourced = [("", account.unsourced)] if account.unsourced else []
            left = [*unsourced, *lots.values_list("source", "remaining")]
            assert sorted(left) == self.expected.left(name)
            assert account.balance == self.expected.balance(name)

    def teardown(self):
        assert check_ledger().findings == []


@pytest.mark.django_db
def test_random_histories_of_lots_agree_with_the_reference():
    run_state_machine_as_test(
        LotsMachine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
