"""The desk of refunds: who may begin one, let it go, say no; and what a large one takes."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import logged_in
from payments.models import Order, OrderRefund
from payments.rules.order_refunds import RefundReason
from payments.services.order_refunds import ask_for_refund
from payments.tests.factories import paid_order
from wallet_project.approvals.models import Proposal
from wallet_project.approvals.services import approve
from wallet_project.kit.money import Fen

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return paid_order(logged_in().user)


@pytest.fixture
def desk(client):
    """Somebody of customer service who begins and reviews refunds."""
    member = User.objects.create_user("chen", "a long enough password", is_staff=True)
    for codename in (
        "view_order",
        "view_orderrefund",
        "view_orderrefundpart",
        "start_orderrefund",
        "review_orderrefund",
    ):
        member.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(member)
    return client


def waiting(order: Order, amount: int = 400) -> OrderRefund:
    assert order.payer_id
    return ask_for_refund(
        payer_id=order.payer_id,
        order_no=order.number,
        amount=Fen(amount),
        reason=RefundReason.DEFECTIVE,
        note="少了一杯",
    )


def do(desk, row, action, **wish):
    model = row._meta.model_name
    return desk.post(
        reverse(f"admin:payments_{model}_{action}", args=[row.pk]), {"_form_submitted": "True", **wish}
    )


def state_of(refund: OrderRefund) -> str:
    refund.refresh_from_db()
    return refund.state


def test_a_member_of_staff_gives_a_little_back_from_the_orders_own_page(desk, order):
    shown = desk.get(reverse("admin:payments_order_change", args=[order.pk])).content.decode()
    assert "已退款（元）" in shown

    do(desk, order, "refund_order", amount="3.50", because="DEFECTIVE", note="少了一杯")

    refund = OrderRefund.objects.get(order=order)
    assert (refund.state, refund.amount, refund.origin) == ("SUCCEEDED", 350, "STAFF")
    page = desk.get(reverse("admin:payments_orderrefund_change", args=[refund.pk])).content.decode()
    assert "3.50" in page
    assert "余额 · 本金" in page


@pytest.mark.parametrize("amount", ["0", "-1", "10.01", "1.001", "many"])
def test_what_is_no_amount_of_the_order_moves_nothing(desk, order, amount):
    do(desk, order, "refund_order", amount=amount, because="OTHER", note="")

    order.refresh_from_db()
    assert (order.refunding, order.refunded) == (0, 0)


def test_a_request_is_let_go_or_refused_with_a_reason_for_the_payer(desk, order):
    first, second = waiting(order, 400), None
    do(desk, first, "reject", reason="")
    assert state_of(first) == "REVIEW"

    do(desk, first, "reject", reason="已超过退货时间")
    second = waiting(order, 500)
    do(desk, second, "approve", reason="核对无误")

    assert (state_of(first), first.answer) == ("REJECTED", "已超过退货时间")
    assert state_of(second) == "SUCCEEDED"
    assert do(desk, second, "approve", reason="再来一次").status_code == 403
    assert second.reviewer_id == User.objects.get(username="chen").pk


def test_what_is_too_much_for_one_is_asked_of_a_second(desk, order, settings):
    settings.STAFF_REFUND_ALONE_MAX = 399
    refund = waiting(order)

    do(desk, refund, "approve", reason="核对无误")

    assert state_of(refund) == "REVIEW"
    chief = User.objects.create_superuser("zhou", "a long enough password")
    proposal = Proposal.objects.get(subject=f"order_refund:{refund.number}")
    approve(proposal_id=proposal.pk, checker_id=chief.pk)
    assert state_of(refund) == "SUCCEEDED"


def test_whoever_only_looks_is_offered_nothing(client, order):
    refund = waiting(order)
    looker = User.objects.create_user("li", "a long enough password", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_orderrefund"))
    client.force_login(looker)

    page = client.get(reverse("admin:payments_orderrefund_change", args=[refund.pk])).content.decode()

    assert "批准退款" not in page
    for action in ("approve", "reject", "again", "to_balance", "to_card"):
        assert do(client, refund, action, reason="就这样吧").status_code == 403
    assert do(client, order, "refund_order", amount="1").status_code == 403
    assert state_of(refund) == "REVIEW"
