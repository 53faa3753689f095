"""Random histories of earning, spending, refunds and expiry: the books agree after every step."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from coupons.errors import PointsShort
from coupons.services.point_rules import reward_purchase, take_back_reward
from coupons.services.points_expiry import activate_points, expire_points
from coupons.tests import points as acts
from wallet.tests.factories import new_key
from wallet_project.kit import clock

amounts = st.integers(1, 300)


class PointsMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.now = clock.now()
        self.user = acts.person(active=1)
        self.purchases, self.reserved, self.spent = [], [], {}

    def at_its_time(self):
        return time_machine.travel(self.now, tick=False)

    @rule(yuan=amounts)
    def buys(self, yuan):
        with self.at_its_time():
            purchase = acts.buy(self.user, yuan * 100)
            self.purchases.append(purchase)
            reward_purchase_once(purchase)

    @rule(which=st.integers(0), share=st.integers(1, 3))
    def sends_back(self, which, share):
        if self.purchases:
            purchase = self.purchases[which % len(self.purchases)]
            purchase.refresh_from_db()
            rest = purchase.own - purchase.returned_own
            with self.at_its_time():
                if back := rest // share:
                    acts.send_back(purchase, back)
                acts.in_transaction(take_back_reward, reference=purchase.reference)

    @rule(points=amounts)
    def reserves(self, points):
        reference = new_key("O")[:32]
        with self.at_its_time(), suppress(PointsShort):
            acts.reserve(self.user, points, reference=reference)
            self.reserved.append(reference)

    @rule()
    def frees(self):
        if self.reserved:
            with self.at_its_time():
                acts.free(self.reserved.pop())

    @rule(points=amounts)
    def spends(self, points):
        with self.at_its_time(), suppress(PointsShort):
            self.spent[acts.spend(self.user, points)] = points

    @rule(which=st.integers(0), points=amounts)
    def gets_points_back(self, which, points):
        if self.spent:
            reference = sorted(self.spent)[which % len(self.spent)]
            with self.at_its_time(), suppress(PointsShort):
                acts.give_back(self.user, points, reference=reference)
                self.spent[reference] -= points
                assert self.spent[reference] >= 0

    @rule(days=st.sampled_from([1, 8, 40, 400]))
    def time_passes(self, days):
        self.now += timedelta(days=days)
        with self.at_its_time():
            activate_points()
            expire_points()

    @invariant()
    def the_books_agree(self):
        assert acts.broken() == {}

    def teardown(self):
        """Whoever sends everything back, and gets all their points back, has gained none by it."""
        with self.at_its_time():
            for reference in self.reserved:
                acts.free(reference)
            for reference, points in self.spent.items():
                if points:
                    acts.give_back(self.user, points, reference=reference)
            for purchase in self.purchases:
                purchase.refresh_from_db()
                if rest := purchase.own - purchase.returned_own:
                    acts.send_back(purchase, rest)
                acts.in_transaction(take_back_reward, reference=purchase.reference)
        pending, active, reserved, debt = acts.points(self.user)
        assert (pending, reserved) == (0, 0)
        assert active - debt <= 1
        assert acts.broken() == {}


def reward_purchase_once(purchase):
    for _again in range(2):
        acts.in_transaction(reward_purchase, reference=purchase.reference)


@pytest.mark.django_db
def test_any_history_of_points_keeps_the_books():
    acts.rule(rate=100)
    run_state_machine_as_test(
        PointsMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
