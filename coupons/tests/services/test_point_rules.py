"""What customers do earns points by the rules in force, and going back on it earns none."""

from datetime import timedelta

import pytest
import time_machine

from accounts.events import OnboardingStepDone, PhoneBound, UserRegistered
from accounts.models import Device
from accounts.tests.factories import newcomer
from coupons.models import PointsEntry, PointsLot
from coupons.rules.point_rules import EarnEvent
from coupons.selectors.point_rules import dry_run
from coupons.services.point_rules import reward_purchase, take_back_reward
from coupons.services.points_expiry import activate_points
from coupons.tests.points import (
    broken,
    buy,
    in_transaction,
    person,
    points,
    rule,
    send_back,
    spend,
)
from wallet.events import TopUpTakenBack
from wallet.services.wallets import open_wallet
from wallet.tests.factories import topped_up
from wallet_project.approvals.agreed import AgreedState
from wallet_project.kit import clock
from wallet_project.kit.events import publish
from wallet_project.pauses.models import Flow
from wallet_project.pauses.selectors import look_again, open_pauses
from wallet_project.pauses.services import pause_flow

pytestmark = pytest.mark.django_db


def test_a_purchase_earns_by_every_rule_it_fulfils_on_own_money_only(outbox):
    rule(rate=100)
    rule(rate=50, places=["store:renmin"])
    rule(rate=999, places=["store:binjiang"])
    rule(rate=999, state=AgreedState.DRAFT)
    rule(rate=999, state=AgreedState.RETIRED)
    rule(rate=999, starts_at=clock.now() + timedelta(days=1))
    user = person()

    purchase = buy(user, 60_00, given=40_00)
    outbox.deliver()

    assert points(user) == (60 + 30, 0, 0, 0)
    lots = PointsLot.objects.filter(reference=purchase.reference)
    assert {lot.active_at for lot in lots} == {purchase.paid_at + timedelta(days=7)}
    assert broken() == {}


def test_one_day_earns_no_more_than_the_rule_allows(outbox):
    rule(rate=100, most_a_day=70)
    user = person()
    buy(user, 50_00)
    buy(user, 50_00)
    outbox.deliver()

    assert points(user) == (70, 0, 0, 0)


def test_buying_and_sending_back_earns_nothing_however_often(outbox):
    rule(rate=100)
    user = person()
    for parts in ([100_00], [33_33, 66_67], [1, 99_99]):
        purchase = buy(user, 100_00)
        for part in parts:
            send_back(purchase, part)
    outbox.deliver()

    assert points(user) == (0, 0, 0, 0)
    assert broken() == {}


def test_a_return_that_is_heard_of_first_is_not_forgotten():
    rule(rate=100)
    user = person()
    purchase = buy(user, 100_00)
    send_back(purchase, 40_00)

    in_transaction(take_back_reward, reference=purchase.reference)
    in_transaction(reward_purchase, reference=purchase.reference)

    assert points(user) == (60, 0, 0, 0)
    assert broken() == {}


def test_what_is_bought_while_nothing_is_given_earns_when_it_goes_on(outbox):
    rule(rate=100)
    user = person()
    pause_flow(flow=Flow.COUPONS, reason="演练")
    buy(user, 100_00)
    for hours in range(10):
        with time_machine.travel(clock.now() + timedelta(hours=hours), tick=True):
            outbox.deliver()
    assert not PointsLot.objects.filter(account=user.pk).exists()

    open_pauses().update(lifted_at=clock.now(), lifted_by="staff:1", lifted_reason="演练结束")
    look_again()
    with time_machine.travel(clock.now() + timedelta(hours=10), tick=True):
        outbox.deliver()
    assert points(user) == (100, 0, 0, 0)


def test_spending_the_points_before_sending_back_leaves_a_debt_and_no_gain(outbox):
    rule(rate=100)
    user = person()
    purchase = buy(user, 100_00)
    outbox.deliver()
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        activate_points()
        spend(user, 100)
        send_back(purchase, 50_00)
        outbox.deliver()
        assert points(user) == (0, 0, 0, 50)
        line = PointsEntry.objects.filter(account=user.pk).latest("pk")
        assert (line.kind, line.points, line.owed, line.title) == ("TAKEN_BACK", 0, 50, "退款：咖啡")


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (EarnEvent.REGISTERED, lambda user_id: UserRegistered(user_id=user_id)),
        (EarnEvent.PHONE_BOUND, lambda user_id: PhoneBound(user_id=user_id)),
        (EarnEvent.QUIZ_PASSED, lambda user_id: OnboardingStepDone(user_id=user_id, key="quiz")),
    ],
)
def test_a_first_time_is_rewarded_once_per_real_person(outbox, event, heard):
    rule(event, points=10)
    somebody, other = newcomer(), newcomer()
    Device.objects.filter(user=other.user).update(device_id=somebody.device.device_id)
    for user in (somebody.user, somebody.user, other.user):
        in_transaction(publish, event=heard(user.pk))
    outbox.deliver()

    assert points(somebody.user) == (0, 10, 0, 0)
    assert not PointsLot.objects.filter(account=other.user.pk).exists()


def test_a_first_top_up_earns_from_its_least_amount_on_and_nothing_once_it_is_taken_back(outbox):
    rule(EarnEvent.FIRST_TOP_UP, points=10, least=50_00)
    little, enough = newcomer().user, newcomer().user
    numbers = {}
    for user, amount in ((little, 49_99), (enough, 50_00)):
        numbers[user] = topped_up(open_wallet(user_id=user.pk), amount).number
    outbox.deliver()
    assert points(enough) == (0, 10, 0, 0)
    assert not PointsLot.objects.filter(account=little.pk).exists()

    for _ in range(2):
        in_transaction(publish, event=TopUpTakenBack(number=numbers[enough], user_id=enough.pk))
        outbox.deliver()
    assert points(enough) == (0, 0, 0, 0)


def test_a_dry_run_says_what_yesterday_would_have_earned_and_gives_nothing(django_assert_num_queries):
    noon_yesterday = clock.start_of_day(clock.now()) - timedelta(hours=12)
    first, second = person(), person()
    for user, own, at in (
        (first, 60_00, noon_yesterday),
        (first, 60_00, noon_yesterday),
        (second, 10_00, noon_yesterday),
        (second, 500_00, noon_yesterday - timedelta(days=1)),
        (second, 500_00, clock.now()),
    ):
        buy(user, own, at=at)
    terms = rule(rate=100, least=20_00, most_a_day=100).earn_terms

    with django_assert_num_queries(2):
        found = dry_run(terms, before=clock.now())

    assert (found.purchases, found.rewarded, found.people, found.points) == (3, 2, 1, 100)
    assert not PointsLot.objects.filter(account__in=[first.pk, second.pk]).exists()
