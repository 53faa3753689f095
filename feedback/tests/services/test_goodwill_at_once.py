"""However many give at the same moment, a day and a customer get no more than they may."""

import pytest

from accounts.tests.factories import logged_in
from coupons.models import PointsAccount
from feedback.errors import GoodwillSpent
from feedback.models import TicketAction
from feedback.services.goodwill import give_points
from feedback.tests.actions import spent_by, ticket_of, wish
from payments.tests.factories import staff_member

pytestmark = pytest.mark.committed


def points_of(users) -> int:
    return sum(PointsAccount.objects.filter(pk__in=users).values_list("active", flat=True))


def test_of_many_at_once_no_fen_is_given_beyond_the_day(committed_db, in_parallel, settings):
    settings.GOODWILL_DAY_MAX = 500
    agent = staff_member()
    tickets = [ticket_of(logged_in().user) for _ in range(4)] * 2

    answers = in_parallel(
        [lambda each=each: give_points(wish(each, agent=agent), points=100) for each in tickets]
    )

    given = [answer for answer in answers if isinstance(answer, TicketAction)]
    refused = [answer for answer in answers if isinstance(answer, GoodwillSpent)]
    assert (len(given), len(refused), spent_by(agent)) == (5, 3, 500)
    assert points_of({each.user_id for each in tickets}) == 500


def test_of_many_agents_at_once_one_customer_gets_no_more_than_one_may_alone(
    committed_db, in_parallel, settings
):
    settings.GOODWILL_ALONE_MAX = 250
    customer = logged_in().user
    tickets, agents = [ticket_of(customer) for _ in range(4)], [staff_member() for _ in range(4)]

    answers = in_parallel(
        [
            lambda each=each, agent=agent: give_points(wish(each, agent=agent), points=100)
            for each, agent in zip(tickets, agents, strict=True)
        ]
    )

    assert sorted(answer.state for answer in answers) == ["DONE", "DONE", "PROPOSED", "PROPOSED"]
    assert points_of({customer.pk}) == 200
