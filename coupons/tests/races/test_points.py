"""Everybody wants the same points, the same goods, the same day at the same moment."""

from collections import Counter

import pytest

from coupons.errors import AlreadyCheckedIn, GoodSoldOut, GoodTakenOften, PointsShort
from coupons.models import Good, MallOrder
from coupons.rules.point_rules import EarnEvent
from coupons.services.check_ins import check_in
from coupons.services.mall import exchange
from coupons.services.point_rules import reward_purchase
from coupons.tests.points import broken, buy, good, in_transaction, person, points, rule, spend
from wallet_project.approvals.going_live import retire

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("committed_db")]


def outcomes(answers):
    return Counter(type(answer).__name__ for answer in answers)


@pytest.fixture
def everyday_rule():
    """Rows stay behind in this database, so a rule that is in force is ended again."""
    made = []

    def make(*args, **columns):
        made.append(rule(*args, **columns))
        return made[-1]

    yield make
    for each in made:
        retire(row=each, reason="演练结束")


def test_the_same_points_are_spent_once(in_parallel):
    user = person(active=100)

    answers = in_parallel([lambda: spend(user, 15)] * 24, threads=12)

    assert outcomes(answers) == {"str": 6, "PointsShort": 18}
    assert all(isinstance(answer, str | PointsShort) for answer in answers)
    assert points(user) == (0, 10, 0, 0)


def test_of_ten_goods_forty_people_get_exactly_ten(in_parallel):
    people, chosen = [person(active=100) for _ in range(40)], good(stock=10)

    answers = in_parallel(
        [lambda user=user: exchange(user_id=user.pk, good_id=chosen.pk) for user in people], threads=20
    )

    assert outcomes(answers) == {MallOrder.__name__: 10, GoodSoldOut.__name__: 30}
    assert Good.objects.get(pk=chosen.pk).taken == MallOrder.objects.filter(good=chosen).count() == 10
    assert sum(points(user)[1] for user in people) == 30 * 100
    assert broken() == {}
    retire(row=chosen, reason="演练结束")


def test_the_same_person_takes_no_more_than_they_may(in_parallel):
    user, chosen = person(active=1_000), good(stock=10, per_person=2)

    answers = in_parallel([lambda: exchange(user_id=user.pk, good_id=chosen.pk)] * 16, threads=16)

    assert outcomes(answers) == {MallOrder.__name__: 2, GoodTakenOften.__name__: 14}
    assert points(user) == (0, 800, 0, 0)
    retire(row=chosen, reason="演练结束")


def test_a_day_is_checked_in_once(in_parallel, everyday_rule):
    user = person()
    everyday_rule(EarnEvent.CHECK_IN, points=10)

    answers = in_parallel([lambda: check_in(user_id=user.pk)] * 8, threads=8)

    assert outcomes(answers) == {"CheckIn": 1, AlreadyCheckedIn.__name__: 7}
    assert points(user) == (0, 10, 0, 0)


def test_a_purchase_that_is_heard_of_twice_at_once_earns_once_and_within_the_day(in_parallel, everyday_rule):
    user = person()
    everyday_rule(rate=100, most_a_day=150)
    purchases = [buy(user, 100_00) for _ in range(3)]

    answers = in_parallel(
        [
            lambda reference=purchase.reference: in_transaction(reward_purchase, reference=reference)
            for purchase in purchases * 2
        ],
        threads=6,
    )

    assert answers == [None] * 6
    assert points(user) == (150, 0, 0, 0)
    assert broken() == {}
