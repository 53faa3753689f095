"""How much of an order goes back, when, and what is counted of it; nobody asks WeChat here."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.tests.factories import logged_in
from payments.errors import OrderNotRefundable, RefundExceedsPaid, TooManyRefunds
from payments.gateways.wechat.messages import RefundNotice, RefundState
from payments.models import ExceptionCase, Order, OrderRefund, OrderRefundPart, OrderSource, Payment, Refund
from payments.rules.order_refunds import REFUND_SPACING, REFUNDS_PER_ORDER, RefundReason
from payments.selectors.order_refunds import arrived_on, refunds_of_day
from payments.services.order_refunds import ask_for_refund, refund_for_shop
from payments.services.refund_pace import end_turn, take_turn
from payments.services.refunds import apply_refund, push_refund
from payments.tests.factories import exception_case, paid_order
from wallet_project.kit import clock
from wallet_project.kit.money import Fen
from wallet_project.kit.serials import new_serial
from wallet_project.pauses.errors import Paused
from wallet_project.pauses.tests.factories import paused

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return paid_order(logged_in().user)


def give_back(order: Order, amount: int, number: str = "SR-1") -> OrderRefund:
    return refund_for_shop(
        shop_order=order, shop_refund_no=number, amount=Fen(amount), reason=RefundReason.OTHER, note=""
    )


def nothing_moved(order: Order) -> bool:
    order.refresh_from_db()
    return (order.refunding, order.refunded) == (0, 0) and not order.refunds.exists()


def test_an_order_is_refunded_for_a_year(order):
    now = clock.now()
    Order.objects.filter(pk=order.pk).update(paid_at=now - timedelta(days=363))
    assert give_back(order, 1).state == "SUCCEEDED"

    Order.objects.filter(pk=order.pk).update(paid_at=now - timedelta(days=364))

    with pytest.raises(OrderNotRefundable):
        give_back(order, 1, "SR-2")
    assert order.refunds.count() == 1


def test_an_order_is_refunded_in_fifty_pieces_at_most(order):
    for piece in range(REFUNDS_PER_ORDER):
        assert give_back(order, 1, f"SR-{piece}").state == "SUCCEEDED"

    with pytest.raises(TooManyRefunds):
        give_back(order, 1, "one more")
    order.refresh_from_db()
    assert (order.refunded, OrderSource.objects.get(order=order).returned) == (50, 50)


def test_more_than_was_paid_is_refused_and_the_database_agrees(order):
    with pytest.raises(RefundExceedsPaid) as refusal:
        give_back(order, order.amount + 1)

    assert refusal.value.detail == {"refundable": order.amount}
    assert nothing_moved(order)


def test_while_all_money_stands_still_nothing_goes_back(order):
    with paused(), pytest.raises(Paused):
        give_back(order, 1)

    assert nothing_moved(order)


def test_a_day_is_counted_by_origin_and_by_where_it_went(order):
    give_back(order, 100)
    give_back(order, 50, "SR-2")
    assert order.payer_id
    ask_for_refund(
        payer_id=order.payer_id, order_no=order.number, amount=Fen(10), reason=RefundReason.OTHER, note=""
    )
    then = datetime(2020, 1, 2, 23, 59, tzinfo=clock.SHANGHAI)
    OrderRefund.objects.filter(order=order).update(requested_at=then)
    OrderRefundPart.objects.filter(refund__order=order, arrived_at__isnull=False).update(arrived_at=then)

    assert list(refunds_of_day(then.date())) == [
        {"origin": "CUSTOMER", "state": "REVIEW", "times": 1, "amount": 10},
        {"origin": "SHOP", "state": "SUCCEEDED", "times": 2, "amount": 150},
    ]
    assert list(arrived_on(then.date())) == [{"goes_to": "WALLET", "times": 2, "amount": 150}]
    assert list(arrived_on(then.date() + timedelta(days=1))) == []


@pytest.fixture
def attempts(order) -> list[Refund]:
    """Two refunds of one payment at WeChat."""
    paid = f"42{order.number[1:25]}"
    Payment.objects.filter(order=order).update(transaction_id=paid)
    cases = [
        exception_case(kind, transaction_id=paid, number=order.number)
        for kind in ("LATE_PAYMENT", "DOUBLE_PAYMENT")
    ]
    return [
        Refund.objects.create(
            number=new_serial("F"), case=case, transaction_id=paid, amount=1, total=2, reason="退款"
        )
        for case in cases
    ]


def test_two_refunds_of_a_payment_take_turns_a_minute_apart(attempts):
    first, second = attempts

    assert take_turn(first).later is None
    assert take_turn(first).later is None, "its own repetition waits for no other"
    later = take_turn(second).later

    first.refresh_from_db()
    assert later == first.asked_at + REFUND_SPACING
    Refund.objects.filter(pk=first.pk).update(asked_at=clock.now() - REFUND_SPACING)
    assert take_turn(second).later is None


def test_what_wechat_refuses_while_another_request_for_it_is_under_way_is_not_given_up(attempts, wechat):
    refund, _other = attempts
    just_now, long_ago = clock.now() - timedelta(seconds=3), clock.now() - timedelta(minutes=7)

    Refund.objects.filter(pk=refund.pk).update(asked_at=just_now)
    push_refund(number=refund.number)
    refund.refresh_from_db()
    assert (refund.state, refund.finished_at) == ("REQUESTED", None)

    Refund.objects.filter(pk=refund.pk).update(asked_at=long_ago)
    push_refund(number=refund.number)
    refund.refresh_from_db()
    assert refund.state == "CLOSED"


def test_after_failures_the_next_waits_until_the_bucket_has_refilled(attempts, settings):
    settings.REFUND_ERRORS_PER_SECOND = 2
    first, _second = attempts
    assert take_turn(first).later is None

    end_turn(requests_failed=3)

    later = take_turn(first).later
    assert later is not None
    assert later > clock.now()


@pytest.mark.parametrize(
    ("ended", "told"), [("CLOSED", RefundState.SUCCESS), ("SUCCESS", RefundState.CLOSED)]
)
def test_what_contradicts_the_end_of_a_refund_is_looked_into(attempts, ended, told):
    refund, _other = attempts
    Refund.objects.filter(pk=refund.pk).update(state=ended, finished_at=clock.now())
    notice = RefundNotice(
        mchid=None,
        refund_number=refund.number,
        refund_id=f"5{refund.number}",
        number="P1",
        transaction_id=refund.transaction_id,
        state=told,
        amount=Fen(1),
        total=Fen(2),
        success_time=None,
        raw={},
    )

    with transaction.atomic():
        apply_refund(notice=notice)

    refund.refresh_from_db()
    assert refund.state == ended
    case = ExceptionCase.objects.get(kind="REFUND_MISMATCH", number=refund.number)
    assert case.evidence["state"] == told
