"""Goodwill is given once, within a budget that holds however many give at once, and by two above a line."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.tests.factories import logged_in
from coupons.models import Coupon, PointsAccount, Reward
from coupons.services.coupon_expiry import expire_coupons
from coupons.services.coupons import issue_coupon
from coupons.tests.offers import template, untrue
from feedback.errors import GivenAgainBefore, GoodwillSpent
from feedback.models import GoodwillDay
from feedback.services.goodwill import give_again, give_coupon, give_credit, give_points
from feedback.tests.actions import spent_by, ticket_of, told, wish
from payments.tests.factories import staff_member
from wallet.services.wallets import open_wallet
from wallet.tests.factories import amounts_in
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve, reject
from wallet_project.kit import clock
from wallet_project.kit.errors import DomainError, NotFound
from wallet_project.kit.money import Fen
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.tests.factories import paused

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> User:
    return logged_in().user


@pytest.fixture
def ticket(customer):
    return ticket_of(customer)


@pytest.fixture
def agent() -> User:
    return staff_member()


def lead(**own) -> User:
    member = staff_member(**own)
    member.user_permissions.add(Permission.objects.get(codename="approve_goodwill"))
    return member


def points_of(user) -> int:
    return sum(PointsAccount.objects.filter(pk=user.pk).values_list("active", flat=True))


def bonus_of(user) -> int:
    return amounts_in(open_wallet(user_id=user.pk)).get("bonus", (0, 0))[0]


def test_points_credit_and_a_coupon_are_given_and_name_the_ticket(ticket, customer, agent):
    offer = template(giving="GRANT")

    points = give_points(wish(ticket, agent=agent), points=300)
    credit = give_credit(wish(ticket, agent=agent), amount=Fen(10_00))
    coupon = give_coupon(wish(ticket, agent=agent), template_id=offer.pk)

    assert [points.state, credit.state, coupon.state] == ["DONE"] * 3
    assert (points_of(customer), bonus_of(customer)) == (300, 10_00)
    assert Coupon.objects.get(serial=coupon.reference).cause == ticket.number
    rewards = Reward.objects.filter(source__in=[points.reference, credit.reference])
    assert {reward.reference for reward in rewards} == {ticket.number}
    assert spent_by(agent) == 300 + 10_00 + offer.amount
    assert ["300" in told(ticket)[0], "10.00" in told(ticket)[1], len(told(ticket))] == [True, True, 3]


def test_a_coupon_that_ended_unused_is_given_again_once(ticket, customer, agent):
    offer = template(stock=1)
    coupon = issue_coupon(template_id=offer.pk, user_id=customer.pk, source="test")
    with pytest.raises(DomainError):
        give_again(wish(ticket, agent=agent), serial=coupon.serial)
    Coupon.objects.filter(pk=coupon.pk).update(valid_from=clock.now(), valid_until=clock.now())
    expire_coupons()

    give_again(wish(ticket, agent=agent), serial=coupon.serial)

    coupon.refresh_from_db()
    assert (coupon.state, coupon.cause, coupon.valid_until > clock.now()) == ("HELD", ticket.number, True)
    assert untrue() == {}
    Coupon.objects.filter(pk=coupon.pk).update(valid_from=clock.now(), valid_until=clock.now())
    expire_coupons()
    for refusal, of in ((GivenAgainBefore, ticket), (NotFound, ticket_of(logged_in().user))):
        with pytest.raises(refusal):
            give_again(wish(of, agent=agent), serial=coupon.serial)
    assert spent_by(agent) == offer.amount


def test_beyond_the_day_nothing_is_given_and_another_day_begins_anew(ticket, customer, agent, settings):
    settings.GOODWILL_DAY_MAX = 500
    give_points(wish(ticket, agent=agent), points=400)

    with pytest.raises(GoodwillSpent) as refusal:
        give_points(wish(ticket, agent=agent), points=101)
    assert refusal.value.detail == {"limit": 500, "left": 100}
    assert (points_of(customer), spent_by(agent), ticket.actions.count()) == (400, 400, 1)

    give_points(wish(ticket, agent=staff_member()), points=101)
    GoodwillDay.objects.filter(agent_id=agent.pk).update(day="2026-01-01")
    give_points(wish(ticket, agent=agent), points=101)
    assert points_of(customer) == 602


def test_above_the_line_a_second_person_decides_and_pieces_count_together(ticket, customer, agent, settings):
    settings.GOODWILL_ALONE_MAX = 500
    give_points(wish(ticket, agent=staff_member()), points=400)

    action = give_credit(wish(ticket_of(customer), agent=agent), amount=Fen(101))

    assert (action.state, bonus_of(customer), spent_by(agent)) == ("PROPOSED", 0, 101)
    proposal = Proposal.objects.get(subject=f"ticket_action:{action.number}")
    for decider in (agent, lead(own=customer)):
        with pytest.raises(DomainError):
            approve(proposal_id=proposal.pk, checker_id=decider.pk)
    assert bonus_of(customer) == 0

    approve(proposal_id=proposal.pk, checker_id=lead().pk)

    action.refresh_from_db()
    assert (action.state, bonus_of(customer)) == ("DONE", 101)


def test_a_no_gives_the_agent_their_budget_back_once(ticket, customer, agent, settings, outbox):
    settings.GOODWILL_ALONE_MAX = 0
    action = give_points(wish(ticket, agent=agent), points=300)
    proposal = Proposal.objects.get(subject=f"ticket_action:{action.number}")

    reject(proposal_id=proposal.pk, checker_id=lead().pk, comment="与门店核实后不予补偿")
    outbox.deliver()

    action.refresh_from_db()
    assert (action.state, points_of(customer), spent_by(agent)) == ("REFUSED", 0, 0)
    assert told(ticket) == []
    assert told(ticket, "NOTE") == ["补偿积分 300：待审批", "补偿积分 300：未获批准"]


def test_nobody_gives_to_themselves_and_nothing_while_it_stands_still(ticket, customer, agent):
    with pytest.raises(DomainError, match="OWN_MATTER"):
        give_points(wish(ticket, agent=staff_member(own=customer)), points=1)
    with paused(), pytest.raises(Paused):
        give_points(wish(ticket, agent=agent), points=1)

    assert (points_of(customer), spent_by(agent), ticket.actions.count()) == (0, 0, 0)


@pytest.mark.parametrize("change", [{"spent": 10**9}, {"spent": -1}])
def test_the_table_itself_keeps_the_budget(ticket, agent, change):
    give_points(wish(ticket, agent=agent), points=1)

    with pytest.raises(IntegrityError, match="no_more_goodwill"), transaction.atomic():
        GoodwillDay.objects.filter(agent_id=agent.pk).update(**change)
