"""The pages on which agents put things right: what they offer, what they answer, who may not come in."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import StaffProfile, User
from accounts.tests.factories import logged_in
from feedback.models import TicketAction
from feedback.rules.actions import ActionKind
from feedback.services.actions import Wish
from feedback.services.goodwill import give_points
from feedback.tests.actions import spent_by, ticket_of
from payments.models import OrderRefund
from payments.tests.factories import paid_order, staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return paid_order(logged_in().user)


@pytest.fixture
def ticket(order):
    return ticket_of(order.payer, about=f"order:{order.number}")


def at_the_desk() -> User:
    member = staff_member()
    StaffProfile.objects.filter(user=member).update(must_change_password=False)
    return member


@pytest.fixture
def agent() -> User:
    member = at_the_desk()
    for codename in ("view_ticket", "view_ticketaction", "start_orderrefund", "give_goodwill"):
        member.user_permissions.add(Permission.objects.get(codename=codename))
    return member


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def page(ticket, kind) -> str:
    return reverse("admin:feedback_ticketaction_act", args=[ticket.pk, kind])


def test_the_order_of_the_ticket_is_chosen_and_refunded(desk, ticket, order):
    shown = desk.get(page(ticket, "REFUND")).content.decode()
    assert f'value="{order.number}" selected' in shown
    key = desk.get(page(ticket, "REFUND")).context["form"]["key"].value()
    wish = {
        "order_no": order.number,
        "amount": "3.50",
        "reason": "DEFECTIVE",
        "because": "门店已确认",
        "key": key,
    }

    answers = [desk.post(page(ticket, "REFUND"), wish) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert OrderRefund.objects.get(order=order).amount == 350
    done = TicketAction.objects.get(ticket=ticket)
    at_the_ticket = desk.get(answers[0].headers["Location"]).content.decode()
    assert page(ticket, "REFUND") in at_the_ticket
    assert "订单退款 3.50 元" in at_the_ticket
    listed = desk.get(reverse("admin:feedback_ticketaction_changelist")).content.decode()
    assert done.number in listed


@pytest.mark.parametrize("points", ["0", "-5", "1.5", "many", "30001", ""])
def test_what_cannot_be_given_is_said_on_the_page_and_gives_nothing(desk, ticket, agent, points):
    answer = desk.post(page(ticket, "POINTS"), {"points": points, "because": "门店已确认", "key": "k"})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert (TicketAction.objects.filter(ticket=ticket).count(), spent_by(agent)) == (0, 0)


def test_a_customers_words_are_text_on_the_page(desk, ticket):
    ticket.user.nickname = "<script>alert(1)</script>"
    ticket.user.save()

    shown = desk.get(page(ticket, "CREDIT")).content.decode()

    assert "<script>alert(1)" not in shown
    assert "300.00" in shown


def test_nobody_comes_in_who_may_not_or_whose_own_it_is(client, desk, ticket, order, agent):
    for kind in (*ActionKind, "NOTHING"):
        if kind not in ("REFUND", "POINTS", "CREDIT"):
            assert desk.get(page(ticket, kind)).status_code == 403, kind
    StaffProfile.objects.filter(user=agent).update(customer=order.payer)

    for kind in ("REFUND", "POINTS", "CREDIT"):
        assert (
            desk.post(page(ticket, kind), {"points": "1", "because": "给我自己", "key": "k"}).status_code
            == 403
        )
    client.force_login(at_the_desk())
    assert client.get(page(ticket, "POINTS")).status_code == 403
    assert not TicketAction.objects.filter(ticket=ticket).exists()


def test_who_did_it_is_read_by_name(client, ticket, agent):
    User.objects.filter(pk=agent.pk).update(username="login-of-li", nickname="李敏")
    client.force_login(User.objects.create_superuser("chief"))
    done = give_points(Wish(ticket_id=ticket.pk, agent_id=agent.pk, key="k", because="补偿"), points=100)

    for page in (
        reverse("admin:feedback_ticketaction_changelist"),
        reverse("admin:feedback_ticketaction_change", args=[done.pk]),
        reverse("admin:feedback_goodwillday_changelist"),
    ):
        shown = client.get(page).content.decode()
        assert "李敏" in shown[shown.index('id="content"') :]
        assert "login-of-li" not in shown
